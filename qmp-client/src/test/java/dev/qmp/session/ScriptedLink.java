package dev.qmp.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.qmp.transport.Link;
import dev.qmp.transport.LinkListener;
import dev.qmp.transport.LinkLoop;
import dev.qmp.transport.PeerCredentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A link without a socket: the test is the peer. */
final class ScriptedLink implements Link {

    private static final ObjectMapper JSON = new ObjectMapper();

    final ManualLoop loop = new ManualLoop();
    private final ArrayDeque<JsonNode> sent = new ArrayDeque<>();
    private @Nullable LinkListener listener;
    private int delimited;
    boolean closed;

    CompletableFuture<Link> connect(LinkListener to) {
        listener = to;
        to.opened(this);
        return CompletableFuture.completedFuture(this);
    }

    void says(String json) {
        says(json.getBytes(StandardCharsets.UTF_8));
    }

    /** A byte for each character: {@code \u00ff} is the byte 0xFF. */
    void saysBytes(String bytes) {
        says(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Bytes as they are, while the link is open. */
    void hears(byte[] bytes) {
        if (!closed) {
            says(bytes);
        }
    }

    private void says(byte[] bytes) {
        listener.received(bytes, 0, bytes.length);
        loop.run();
    }

    void ends(@Nullable Throwable cause) {
        closed = true;
        listener.closed(cause);
        loop.run();
    }

    void advance(Duration time) {
        loop.advance(time);
    }

    /** How many of the commands so far were sent behind a byte 0xFF. */
    int delimited() {
        return delimited;
    }

    /** The next command that was sent, null where there is none. */
    @Nullable
    JsonNode nextSent() {
        loop.run();
        return sent.poll();
    }

    @Override
    public LinkLoop loop() {
        return loop;
    }

    @Override
    public void send(byte[] bytes) {
        try {
            boolean marked = bytes[0] == (byte) 0xFF;
            delimited += marked ? 1 : 0;
            sent.add(JSON.readTree(bytes, marked ? 1 : 0, bytes.length - (marked ? 1 : 0)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            loop.execute(() -> listener.closed(null));
        }
    }

    @Override
    public Optional<PeerCredentials> peer() {
        return Optional.empty();
    }
}
