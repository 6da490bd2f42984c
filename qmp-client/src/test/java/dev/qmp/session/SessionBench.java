package dev.qmp.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.wire.WireLimits;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A session on a link without a socket, and what a test says and asks on both sides of it. */
final class SessionBench {

    static final String GREETING =
            "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 3, \"minor\": 1, \"major\": 11}, \"package\": \"Debian\"},"
                    + " \"capabilities\": [\"oob\"]}}\r\n";
    static final String NEGOTIATED = "{\"return\": {}, \"id\": 0}\r\n";
    static final Duration DEADLINE = Duration.ofSeconds(30);

    final ScriptedLink link = new ScriptedLink();
    int inFlight = 1;
    int outOfBandInFlight;
    int replay;
    Executor executor = Runnable::run;

    CompletableFuture<Session> open() {
        return Session.open(
                "unix:/vm/qmp.sock",
                link::connect,
                new SessionOptions(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(2),
                        inFlight,
                        outOfBandInFlight,
                        100,
                        Overflow.DROP_OLDEST,
                        replay,
                        WireLimits.DEFAULT,
                        executor,
                        null,
                        null));
    }

    /** Negotiated as the options say; the test need not look at that. */
    Session ready() {
        CompletableFuture<Session> opened = open();
        link.says(GREETING);
        assertThat(link.nextSent().path("execute").asText()).isEqualTo("qmp_capabilities");
        link.says(NEGOTIATED);
        return opened.join();
    }

    CompletableFuture<JsonNode> execute(Session session, String command) {
        CompletableFuture<JsonNode> future = session.execute(command, null, DEADLINE);
        link.loop.run();
        return future;
    }

    CompletableFuture<JsonNode> overtake(Session session, String command) {
        CompletableFuture<JsonNode> future = session.executeOutOfBand(command, null, DEADLINE);
        link.loop.run();
        return future;
    }

    /** Takes the next command that was sent, which must be this one, and its id. */
    long sentId(String command) {
        JsonNode request = link.nextSent();
        assertThat(request).as("a command was sent").isNotNull();
        assertThat(request.path("execute").asText(request.path("exec-oob").asText()))
                .isEqualTo(command);
        return request.path("id").asLong();
    }

    void assertNothingSent() {
        assertThat(link.nextSent()).as("nothing was sent").isNull();
    }

    void returns(long id, String json) {
        link.says("{\"return\": " + json + ", \"id\": " + id + "}");
    }

    static <T extends Throwable> T failureOf(CompletionStage<?> stage, Class<T> type) {
        Throwable failure = failure(stage.toCompletableFuture());
        assertThat(failure).isInstanceOf(type);
        return type.cast(failure);
    }

    private static @Nullable Throwable failure(CompletableFuture<?> future) {
        assertThat(future).isCompletedExceptionally();
        try {
            return new AssertionError("completed with " + future.join());
        } catch (CompletionException e) {
            return e.getCause();
        }
    }
}
