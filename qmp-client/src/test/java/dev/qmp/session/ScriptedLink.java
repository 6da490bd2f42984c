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
    boolean closed;

    CompletableFuture<Link> connect(LinkListener to) {
        listener = to;
        to.opened(this);
        return CompletableFuture.completedFuture(this);
    }

    void says(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
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
            sent.add(JSON.readTree(bytes));
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
