package dev.qmp;

import dev.qmp.wire.DocumentFramer;
import dev.qmp.wire.Message;
import dev.qmp.wire.Message.Event;
import dev.qmp.wire.MessageCodec;
import dev.qmp.wire.WireLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** A bare connection to a monitor: the test's own bytes go out, what comes in is read by our framer and codec. */
final class RawMonitor implements AutoCloseable {

    private static final long MILLIS = 20_000;

    private final SocketChannel channel;
    private final Selector selector;
    private final DocumentFramer framer = new DocumentFramer(WireLimits.DEFAULT);
    private final MessageCodec codec = new MessageCodec(WireLimits.DEFAULT);
    private final ArrayDeque<Message> received = new ArrayDeque<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(65536);

    private RawMonitor(SocketChannel channel, Selector selector) {
        this.channel = channel;
        this.selector = selector;
    }

    static RawMonitor connect(Path socket) {
        try {
            SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
            channel.configureBlocking(false);
            Selector selector = Selector.open();
            channel.register(selector, SelectionKey.OP_READ);
            return new RawMonitor(channel, selector);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A connection past the greeting and the negotiation. */
    static RawMonitor negotiated(Path socket) {
        RawMonitor monitor = connect(socket);
        monitor.answer();
        monitor.says("{\"execute\":\"qmp_capabilities\"}");
        monitor.answer();
        return monitor;
    }

    void says(String json) {
        says(json.getBytes(StandardCharsets.UTF_8));
    }

    void says(byte[] bytes) {
        try {
            ByteBuffer out = ByteBuffer.wrap(bytes);
            while (out.hasRemaining()) {
                channel.write(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next message that is no event. */
    Message answer() {
        while (true) {
            Message message = received.poll();
            if (message == null) {
                read();
            } else if (!(message instanceof Event)) {
                return message;
            }
        }
    }

    /** Asks for something harmless; what is answered before that, and at last its reply. */
    List<Message> answersUpTo(String id) {
        says("{\"execute\":\"query-name\",\"id\":\"" + id + "\"}");
        List<Message> answers = new ArrayList<>();
        while (true) {
            Message next = answer();
            answers.add(next);
            if (next instanceof Message.Reply reply
                    && reply.id() != null
                    && reply.id().asText().equals(id)) {
                return answers;
            }
        }
    }

    private void read() {
        try {
            if (selector.select(MILLIS) == 0) {
                throw new AssertionError("the monitor said nothing for " + MILLIS + " ms");
            }
            selector.selectedKeys().clear();
            buffer.clear();
            if (channel.read(buffer) < 0) {
                throw new AssertionError("the monitor has ended the connection");
            }
            framer.feed(
                    buffer.array(),
                    0,
                    buffer.position(),
                    (bytes, offset, length) -> received.add(codec.decode(bytes, offset, length)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            selector.close();
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
