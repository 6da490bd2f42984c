package dev.qmp.session;

import dev.qmp.error.CommandNotSentException;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.error.QmpException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The commands that wait: for their turn, or for their reply. A command leaves in exactly one of four ways, a method each:
 * {@link #answered} (reply or refusal), {@link #expired}, {@link #abandoned} (its caller cancelled), {@link #lost} (the
 * connection ended). Expired and abandoned ones that were sent stay known, so that their late reply is told from one that
 * nobody asked for. They free their place in the window: what their caller sends next is the caller's informed choice.
 *
 * <p>Confined to the session's loop.
 */
final class PendingCommands {

    /** What the session does with a command's end: it leaves the loop there. */
    interface Ends {
        void failed(PendingCommand command, QmpException error);
    }

    private final int window;
    private final PeerProfile peer;
    private final Predicate<PendingCommand> gate;
    private final Consumer<PendingCommand> sender;
    private final Ends ends;
    private final Map<Long, PendingCommand> inFlight = new LinkedHashMap<>();
    private final ArrayDeque<PendingCommand> waiting = new ArrayDeque<>();
    private final Set<Long> orphans = new HashSet<>();

    /** {@code gate} says whether the next command may leave; where it opens later, {@link #sendWhatFits} is called. */
    PendingCommands(
            int window, PeerProfile peer, Predicate<PendingCommand> gate, Consumer<PendingCommand> sender, Ends ends) {
        this.window = window;
        this.peer = peer;
        this.gate = gate;
        this.sender = sender;
        this.ends = ends;
    }

    boolean idle() {
        return inFlight.isEmpty();
    }

    void add(PendingCommand command) {
        waiting.add(command);
        sendWhatFits();
    }

    /** The command that a reply with this id belongs to, taken out; null for a late or unknown reply. */
    @Nullable
    PendingCommand answered(long id) {
        PendingCommand command = inFlight.remove(id);
        if (command != null) {
            command.cancelDeadline();
            sendWhatFits();
        }
        return command;
    }

    /** Whether this id's command was sent and given up; its reply is late, and forgotten with this call. */
    boolean late(long id) {
        return orphans.remove(id);
    }

    void expired(PendingCommand command, String deadline) {
        if (!takeOut(command)) {
            return;
        }
        ends.failed(
                command,
                command.sent
                        ? peer.outcomeUnknown(
                                command.command(),
                                OutcomeUnknownException.Reason.DEADLINE_PASSED,
                                "no reply within " + deadline,
                                null)
                        : new CommandNotSentException(
                                command.command(),
                                "its deadline of " + deadline + " passed while " + peer.called()
                                        + " was busy with the command before it",
                                null));
        sendWhatFits();
    }

    void abandoned(PendingCommand command) {
        if (takeOut(command)) {
            command.cancelDeadline();
            sendWhatFits();
        }
    }

    /** Ends what has not been sent. */
    void refuseWaiting(String why, @Nullable Throwable cause) {
        List<PendingCommand> unsent = new ArrayList<>(waiting);
        waiting.clear();
        for (PendingCommand command : unsent) {
            command.cancelDeadline();
            ends.failed(command, new CommandNotSentException(command.command(), why, cause));
        }
    }

    /** Ends everything: what was sent has an unknown outcome, what was not sent has none. */
    List<PendingCommand> lost(String why, @Nullable Throwable cause) {
        List<PendingCommand> sent = new ArrayList<>(inFlight.values());
        inFlight.clear();
        sent.forEach(PendingCommand::cancelDeadline);
        refuseWaiting(why, cause);
        return sent;
    }

    private boolean takeOut(PendingCommand command) {
        if (!command.sent) {
            return waiting.remove(command);
        }
        if (inFlight.remove(command.request.id()) == null) {
            return false;
        }
        orphans.add(command.request.id());
        return true;
    }

    void sendWhatFits() {
        while (inFlight.size() < window && !waiting.isEmpty()) {
            PendingCommand next = waiting.element();
            if (next.future.isDone()) {
                waiting.remove();
                next.cancelDeadline();
                continue;
            }
            if (!gate.test(next)) {
                return;
            }
            waiting.remove();
            next.sent = true;
            inFlight.put(next.request.id(), next);
            sender.accept(next);
        }
    }
}
