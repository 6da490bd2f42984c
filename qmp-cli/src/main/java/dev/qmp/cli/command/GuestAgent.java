package dev.qmp.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.transport.Link;
import dev.qmp.transport.LinkListener;
import dev.qmp.transport.QmpAddress;
import dev.qmp.transport.TransportKind;
import dev.qmp.transport.Transports;
import dev.qmp.wire.DocumentFramer;
import dev.qmp.wire.WireLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The guest agent's end of a socket ("QEMU Guest Agent Protocol Reference"). It greets nobody and may have answers of an
 * earlier client in its buffers, so the first word is a sync that comes back after a byte 0xFF.
 */
final class GuestAgent implements LinkListener, AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration FREEZE = Duration.ofSeconds(60);
    private static final Duration THAW = Duration.ofSeconds(10);
    private static final Duration SYNC = Duration.ofSeconds(5);

    private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();
    private DocumentFramer framer = new DocumentFramer(WireLimits.DEFAULT.withDocumentBytes(1 << 20));
    private @Nullable Link link;

    private GuestAgent() {}

    static GuestAgent connect(String socket, Duration timeout) {
        GuestAgent agent = new GuestAgent();
        try {
            agent.link = Transports.open(new QmpAddress.Unix(socket), TransportKind.AUTO, timeout, agent)
                    .get(timeout.toMillis() + 1000, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
        } catch (TimeoutException e) {
            throw failed("connecting to it took too long", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("interrupted", e);
        }
        agent.sync();
        return agent;
    }

    /** How many file systems are frozen. */
    int freeze() {
        return ask("guest-fsfreeze-freeze", null, FREEZE).asInt();
    }

    void thaw() {
        ask("guest-fsfreeze-thaw", null, THAW);
    }

    private void sync() {
        long id = ThreadLocalRandom.current().nextLong(1, 1L << 31);
        ObjectNode arguments = JSON.createObjectNode().put("id", id);
        send("guest-sync-delimited", arguments, true);
        JsonNode answer = next("guest-sync-delimited", SYNC);
        while (answer.path("return").asLong() != id) {
            answer = next("guest-sync-delimited", SYNC);
        }
    }

    private JsonNode ask(String command, @Nullable ObjectNode arguments, Duration deadline) {
        send(command, arguments, false);
        JsonNode answer = next(command, deadline);
        if (answer.has("error")) {
            throw new LocalException(
                    "agent-refused",
                    "the guest agent refused " + command + ": "
                            + answer.path("error").path("desc").asText(),
                    "nothing was sent to QEMU; leave --quiesce out for a snapshot as after a power cut",
                    null);
        }
        return answer.path("return");
    }

    private void send(String command, @Nullable ObjectNode arguments, boolean delimited) {
        ObjectNode request = JSON.createObjectNode().put("execute", command);
        if (arguments != null) {
            request.set("arguments", arguments);
        }
        byte[] line = (request + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] bytes = line;
        if (delimited) {
            // The agent's parser forgets what stands before the 0xFF.
            bytes = new byte[line.length + 1];
            bytes[0] = (byte) 0xff;
            System.arraycopy(line, 0, bytes, 1, line.length);
        }
        Link open = link;
        if (open == null) {
            throw failed("it is not connected", null);
        }
        byte[] ready = bytes;
        open.loop().execute(() -> open.send(ready));
    }

    private JsonNode next(String command, Duration deadline) {
        try {
            JsonNode answer = answers.poll(deadline.toMillis(), TimeUnit.MILLISECONDS);
            if (answer == null) {
                throw failed("no answer to " + command + " within " + deadline.toSeconds() + " s", null);
            }
            if (answer.isMissingNode()) {
                throw failed("it ended the connection", null);
            }
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("interrupted", e);
        }
    }

    private static LocalException failed(String why, @Nullable Throwable cause) {
        return new LocalException(
                "agent-silent",
                "the guest agent cannot be used: " + why,
                "does the agent run in the guest, and is this its virtio-serial socket?",
                cause);
    }

    @Override
    public void opened(Link opened) {
        link = opened;
    }

    @Override
    public void received(byte[] bytes, int offset, int length) {
        int from = offset;
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] == (byte) 0xff) {
                // Whatever came before was for somebody else.
                framer = new DocumentFramer(WireLimits.DEFAULT.withDocumentBytes(1 << 20));
                answers.clear();
                from = i + 1;
            }
        }
        framer.feed(bytes, from, offset + length - from, (document, start, size) -> {
            try {
                answers.add(JSON.readTree(document, start, size));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Override
    public void closed(@Nullable Throwable cause) {
        answers.add(JSON.missingNode());
    }

    @Override
    public void close() {
        Link open = link;
        if (open != null) {
            open.loop().execute(open::close);
        }
    }
}
