package dev.qmp.session;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a command's reply becomes. */
public final class Replies {

    private Replies() {}

    /**
     * The reply as a value. Giving the value up gives the command up: cancelling what depends on a future does not reach
     * that future by itself, and the session would go on keeping the command's place.
     */
    public static <R extends @Nullable Object> CompletableFuture<R> decoded(
            CompletableFuture<JsonNode> reply, Function<JsonNode, R> decoder) {
        CompletableFuture<R> value = reply.thenApply(decoder);
        value.whenComplete((decoded, failure) -> {
            if (!reply.isDone()) {
                reply.cancel(false);
            }
        });
        return value;
    }
}
