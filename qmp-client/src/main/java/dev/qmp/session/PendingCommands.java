package dev.qmp.session;

import dev.qmp.error.CommandNotSentException;
import dev.qmp.error.QmpException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The commands that wait: for their turn, or for their reply. A command leaves in exactly one of four ways, a method each:
 * {@link #answered} (reply or refusal), {@link #expired}, {@link #abandoned} (its caller cancelled), {@link #lost} (the
 * connection ended). Expired and abandoned ones that were sent stay known until their reply comes or the connection ends:
 * they are listed, and their late reply is told from one that nobody asked for. Their number is bounded by the
 * {@link Window}: with too many of them out nothing more is sent.
 *
 * <p>Confined to the session's loop, but for {@link #outstanding}.
 */
final class PendingCommands {

    /** What the session does with the end of a command that got no reply: it leaves the loop there. */
    interface Ends {
        void failed(PendingCommand command, QmpException error);
    }

    private final Supplier<Window> window;
    private final int most;
    private final PeerProfile peer;
    private final Predicate<PendingCommand> gate;
    private final Consumer<PendingCommand> sender;
    private final Ends ends;
    private final DescriptorTurn turn = new DescriptorTurn();

    /** Sent and not answered, by id; concurrent because it may be looked at from other threads. */
    private final ConcurrentSkipListMap<Long, PendingCommand> sent = new ConcurrentSkipListMap<>();

    private final ArrayDeque<PendingCommand> waiting = new ArrayDeque<>();

    /**
     * {@code most} commands are kept, given up or not. {@code gate} says whether the next command may leave; where it opens
     * later, {@link #sendWhatFits} is called.
     */
    PendingCommands(
            Supplier<Window> window,
            int most,
            PeerProfile peer,
            Predicate<PendingCommand> gate,
            Consumer<PendingCommand> sender,
            Ends ends) {
        this.window = window;
        this.most = most;
        this.peer = peer;
        this.gate = gate;
        this.sender = sender;
        this.ends = ends;
    }

    /** Whether no reply is awaited. */
    boolean idle() {
        return sent.values().stream().allMatch(PendingCommand::givenUp);
    }

    /** What was sent and is not answered, in the order of sending. Any thread. */
    List<OutstandingCommand> outstanding() {
        return sent.values().stream().map(PendingCommand::outstanding).toList();
    }

    void add(PendingCommand command) {
        if (waiting.size() + sent.size() >= most) {
            command.cancelDeadline();
            String why = peer.called() + " has " + most + " commands to answer already";
            ends.failed(command, new CommandNotSentException(command.command(), why, null));
        } else if (command.outOfBand()) {
            overtake(command);
        } else {
            waiting.add(command);
            sendWhatFits();
        }
    }

    /** The command that a reply with this id belongs to, taken out, given up or not; null where none with it is out. */
    @Nullable
    PendingCommand answered(long id) {
        PendingCommand command = sent.remove(id);
        if (command != null) {
            turn.ended(id);
            command.cancelDeadline();
            sendWhatFits();
        }
        return command;
    }

    /** No reply will come to the command with this id, which was given up; null where none with it is out. */
    @Nullable
    PendingCommand forgotten(long id) {
        if (turn.ended(id)) {
            sendWhatFits();
        }
        return sent.remove(id);
    }

    void expired(PendingCommand command, String deadline) {
        if (waiting.remove(command)) {
            String why = "its deadline of " + deadline + " passed while " + peer.called() + " was busy with the command"
                    + " before it";
            ends.failed(command, new CommandNotSentException(command.command(), why, null));
        } else if (awaited(command)) {
            String why = "no reply within " + deadline;
            ends.failed(command, peer.deadlinePassed(command.command(), why, command.giveUp()));
        }
        sendWhatFits();
    }

    void abandoned(PendingCommand command) {
        if (waiting.remove(command) || awaited(command)) {
            command.cancelDeadline();
            if (command.sent()) {
                command.giveUp();
            }
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

    /** Ends everything: what was sent, which is returned, has an unknown outcome; what was not sent has none. */
    List<PendingCommand> lost(String why, @Nullable Throwable cause) {
        List<PendingCommand> unanswered = new ArrayList<>(sent.values());
        sent.clear();
        unanswered.forEach(PendingCommand::cancelDeadline);
        refuseWaiting(why, cause);
        return unanswered;
    }

    void sendWhatFits() {
        while (!waiting.isEmpty() && hasRoom()) {
            PendingCommand next = waiting.element();
            if (next.future.isDone()) {
                waiting.remove();
                next.cancelDeadline();
                continue;
            }
            if (!turn.mayLeave(next, idle()) || !gate.test(next)) {
                return;
            }
            waiting.remove();
            send(next);
        }
    }

    /** Out-of-band commands wait for nobody: QEMU runs each as it reads it. */
    private void overtake(PendingCommand command) {
        if (sent.values().stream().filter(PendingCommand::outOfBand).count() < Window.GIVEN_UP) {
            send(command);
        } else {
            command.cancelDeadline();
            String why = peer.called() + " has not answered " + Window.GIVEN_UP + " out-of-band commands before it";
            ends.failed(command, new CommandNotSentException(command.command(), why, null));
        }
    }

    private void send(PendingCommand command) {
        sent.put(command.id, command);
        turn.left(command);
        try {
            sender.accept(command);
        } catch (IllegalArgumentException e) {
            // Not JSON: nothing was sent.
            sent.remove(command.id);
            turn.ended(command.id);
            command.cancelDeadline();
            ends.failed(command, new CommandNotSentException(command.command(), String.valueOf(e.getMessage()), e));
        }
    }

    private boolean awaited(PendingCommand command) {
        return sent.containsKey(command.id) && !command.givenUp();
    }

    private boolean hasRoom() {
        int awaited = 0;
        int unanswered = 0;
        for (PendingCommand command : sent.values()) {
            if (!command.outOfBand()) {
                unanswered++;
                awaited += command.givenUp() ? 0 : 1;
            }
        }
        return awaited < window.get().awaited() && unanswered < window.get().unanswered();
    }
}
