package dev.qmp.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.transport.LinkLoop;
import dev.qmp.wire.Request;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A command between its call and its end. Confined to the loop but for the future. */
final class PendingCommand {

    final Request request;
    final CompletableFuture<JsonNode> future;
    LinkLoop.@Nullable Timer deadline;
    boolean sent;

    /** Whether the session has decided its end; read by whoever completes the future. */
    volatile boolean settled;

    PendingCommand(Request request, CompletableFuture<JsonNode> future) {
        this.request = request;
        this.future = future;
    }

    String command() {
        return request.command();
    }

    void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel();
        }
    }
}
