package dev.qmp.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.transport.DescriptorSet;
import dev.qmp.transport.LinkLoop;
import dev.qmp.wire.Request;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A command between its call and its reply. Confined to the loop but for what is volatile or final. */
final class PendingCommand {

    final long id;
    final CompletableFuture<JsonNode> future;
    LinkLoop.@Nullable Timer deadline;

    private final String command;
    private final boolean outOfBand;
    private @Nullable Request unsent;
    private volatile @Nullable Instant sentAt;
    private volatile @Nullable CompletableFuture<JsonNode> late;

    /** What travels with it; used up once it is sent. */
    @Nullable
    DescriptorSet descriptors;

    /** Whether the session has decided its end; read by whoever completes the future. */
    volatile boolean settled;

    PendingCommand(Request request, CompletableFuture<JsonNode> future) {
        this.id = request.id();
        this.command = request.command();
        this.outOfBand = request.outOfBand();
        this.unsent = request;
        this.future = future;
    }

    String command() {
        return command;
    }

    boolean outOfBand() {
        return outOfBand;
    }

    boolean sent() {
        return sentAt != null;
    }

    /** Its request, once: a command that waits for its reply does not keep its arguments in memory. */
    Request send() {
        Request request = unsent;
        if (request == null) {
            throw new IllegalStateException(command + " was sent before");
        }
        unsent = null;
        sentAt = Instant.now();
        return request;
    }

    /** From here on nobody waits for {@link #future}; the stage tells of the reply, should it come. */
    CompletionStage<JsonNode> giveUp() {
        CompletableFuture<JsonNode> reply = new CompletableFuture<>();
        late = reply;
        return reply.minimalCompletionStage();
    }

    boolean givenUp() {
        return late != null;
    }

    /** Who is to hear of the reply. */
    CompletableFuture<JsonNode> reply() {
        CompletableFuture<JsonNode> reply = late;
        return reply == null ? future : reply;
    }

    OutstandingCommand outstanding() {
        Instant at = sentAt;
        return new OutstandingCommand(id, command, at == null ? Instant.EPOCH : at, givenUp());
    }

    void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel();
        }
    }
}
