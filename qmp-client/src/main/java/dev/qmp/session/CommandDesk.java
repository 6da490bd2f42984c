package dev.qmp.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.error.CommandNotSentException;
import dev.qmp.error.OutOfBandUnavailableException;
import dev.qmp.error.QmpException;
import dev.qmp.transport.DescriptorSet;
import dev.qmp.transport.Link;
import dev.qmp.wire.Message;
import dev.qmp.wire.Message.Failure;
import dev.qmp.wire.Message.Reply;
import dev.qmp.wire.Request;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A session's commands: what keeps one from being sent, its way through {@link PendingCommands} and its end. Confined to
 * the loop, but for {@link #outstanding}.
 */
final class CommandDesk {

    private final Dialogue dialogue;
    private final Counters counters;
    private final Supplier<Link> link;
    private final Endings endings;
    private final PendingCommands pending;
    private long lastId = Handshake.NEGOTIATION_ID;
    private boolean quitSent;
    private boolean shut;
    private @Nullable QmpException end;

    CommandDesk(
            PeerProfile profile,
            int most,
            Dialogue dialogue,
            Counters counters,
            Callbacks callbacks,
            Supplier<Link> link) {
        this.dialogue = dialogue;
        this.counters = counters;
        this.link = link;
        this.endings = new Endings(profile, callbacks);
        this.pending =
                new PendingCommands(dialogue::window, most, profile, dialogue::maySend, this::send, endings::failed);
    }

    /** What a caller wants done; a deadline of zero means none. */
    record Call(
            String command,
            @Nullable ObjectNode arguments,
            Duration deadline,
            boolean outOfBand,
            @Nullable DescriptorSet descriptors) {}

    void start(Call call, CompletableFuture<JsonNode> future) {
        if (future.isDone()) {
            return;
        }
        PendingCommand entry =
                new PendingCommand(new Request(++lastId, call.command(), call.arguments(), call.outOfBand()), future);
        CommandNotSentException refusal = refusal(call);
        if (refusal != null) {
            endings.failed(entry, refusal);
            return;
        }
        entry.descriptors = call.descriptors();
        if (!call.deadline().isZero()) {
            entry.deadline =
                    link.get().loop().schedule(() -> pending.expired(entry, text(call.deadline())), call.deadline());
        }
        pending.add(entry);
        future.whenComplete((result, failure) -> {
            if (!entry.settled) {
                // Cancelled, or completed by its caller in another way: nobody waits for the reply any more.
                link.get().loop().execute(() -> pending.abandoned(entry));
            }
        });
    }

    private @Nullable CommandNotSentException refusal(Call call) {
        if (shut) {
            return new CommandNotSentException(call.command(), "the session has ended", end);
        }
        OutOfBandUnavailableException.Reason reason = call.outOfBand() ? dialogue.outOfBandUnavailable() : null;
        if (reason != null) {
            return new OutOfBandUnavailableException(call.command(), reason);
        }
        return call.descriptors() == null || link.get().passesDescriptors()
                ? null
                : CommandNotSentException.cannotPassDescriptors(call.command());
    }

    private void send(PendingCommand command) {
        counters.commandSent(); // first: who sees it at the other end may ask for the counters
        try {
            DescriptorSet descriptors = command.descriptors;
            if (descriptors == null) {
                dialogue.send(command.send());
            } else {
                dialogue.send(command.send(), descriptors);
            }
        } catch (IllegalArgumentException e) {
            counters.commandNotSent();
            throw e;
        }
        quitSent |= command.command().equals(Endings.QUIT);
    }

    /** A reply or a refusal, of one of ours or of nobody's. */
    void answered(Message message) {
        Long id = dialogue.answered(message);
        if (id == null) {
            return;
        }
        PendingCommand command = pending.answered(id);
        if (command == null) {
            counters.unknownReply();
            return;
        }
        if (command.givenUp()) {
            counters.lateReply();
        } else {
            counters.reply();
        }
        if (message instanceof Reply reply) {
            endings.replied(command, reply.result());
        } else if (message instanceof Failure failure) {
            endings.refused(command, failure);
        }
    }

    /** What was held back may leave now. */
    void resume() {
        pending.sendWhatFits();
    }

    /** No reply will come any more to the command with this id, which was given up. */
    void forget(long id) {
        PendingCommand command = pending.forgotten(id);
        if (command != null) {
            endings.forgotten(command);
        }
    }

    /** Nothing is sent any more; what is in flight may be answered yet. */
    void shut() {
        shut = true;
        pending.refuseWaiting("the session was closed", null);
    }

    /** Nothing is answered any more. */
    void lost(QmpException why) {
        shut = true;
        end = why;
        endings.lost(pending.lost("the connection has ended", why), why);
    }

    boolean idle() {
        return pending.idle();
    }

    /** Whether the peer was told to end. */
    boolean quitSent() {
        return quitSent;
    }

    List<OutstandingCommand> outstanding() {
        return pending.outstanding();
    }

    private static String text(Duration deadline) {
        long millis = deadline.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }
}
