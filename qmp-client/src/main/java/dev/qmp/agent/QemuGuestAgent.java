package dev.qmp.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.QmpClientOptions;
import dev.qmp.qapi.QmpCommand;
import dev.qmp.session.Replies;
import dev.qmp.session.SessionStatistics;
import dev.qmp.transport.QmpAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A session with the agent in a guest ("QEMU Guest Agent Protocol Reference", where each command is specified). Thread-safe;
 * nothing here blocks but {@link #close()}, and futures complete on the callback executor of the options.
 *
 * <p>Commands fail as a monitor's do: {@link dev.qmp.error.CommandFailedException} in the agent's words,
 * {@link dev.qmp.error.CommandNotSentException}, {@link dev.qmp.error.OutcomeUnknownException}. The agent takes one command
 * at a time. After one that was given up (its deadline passed, its future cancelled) the next one waits until the agent has
 * come back, so that a late reply is never taken for another command's; it is dropped and counted.
 *
 * <p>The agent runs in the guest and says what the guest wants to be said: nothing in an answer can be relied on to be true,
 * and a guest can leave any command unanswered.
 */
public interface QemuGuestAgent extends AutoCloseable {

    /** What {@link #freeze()} gives the guest: it writes out all that it has not yet written before it stands still. */
    Duration FREEZE_DEADLINE = Duration.ofSeconds(60);

    /**
     * Connects and synchronizes ({@code guest-sync-delimited}): what an earlier client has left on the line is discarded and
     * counted. Of the options those about events, and the number of commands in flight, mean nothing here; the greeting
     * timeout is the time for the first sync.
     *
     * <p>The future fails with {@link dev.qmp.error.ConnectFailedException}, its reason
     * {@link dev.qmp.error.ConnectFailedException.Reason#AGENT_SILENT} where nobody answers; whatever fails, nothing is left
     * open.
     *
     * @param address the host's end of the agent's serial port, or the socket that an agent listens on
     */
    static CompletableFuture<QemuGuestAgent> connect(QmpAddress address, QmpClientOptions options) {
        return SessionAgent.connect(address, options);
    }

    /** {@link #connect(QmpAddress, QmpClientOptions)} with the default options. */
    static CompletableFuture<QemuGuestAgent> connect(QmpAddress address) {
        return connect(address, QmpClientOptions.DEFAULT);
    }

    /** The address that this session was connected to. */
    QmpAddress address();

    /** Completes when the agent has answered: it runs, and nothing keeps it busy ({@code guest-ping}). */
    CompletableFuture<Void> ping();

    /** The agent's version and what it can do ({@code guest-info}). */
    CompletableFuture<AgentInfo> info();

    /** Whether the guest's file systems stand still, as far as this agent knows ({@code guest-fsfreeze-status}). */
    CompletableFuture<FreezeStatus> freezeStatus();

    /** {@link #freeze(Duration)} with {@link #FREEZE_DEADLINE}. */
    default CompletableFuture<Integer> freeze() {
        return freeze(FREEZE_DEADLINE);
    }

    /**
     * Makes all of the guest's local file systems write out what they hold and stand still until {@link #thaw}
     * ({@code guest-fsfreeze-freeze}). Completes with how many are frozen. While they are, the agent itself takes little more
     * than ping, status and thaw; a Windows guest thaws by itself after 10 s.
     *
     * <p>Whatever this future fails with but {@link dev.qmp.error.CommandNotSentException}, the guest may be frozen, or may
     * freeze later: thaw it. An agent that refuses says that it has thawed what it had frozen already.
     *
     * @param deadline from this call on; zero means none
     */
    CompletableFuture<Integer> freeze(Duration deadline);

    /**
     * As {@link #freeze(Duration)}, these file systems only ({@code guest-fsfreeze-freeze-list}). The agent ignores what is
     * no mount point of a file system that can be frozen, so the number may be smaller than the list.
     *
     * @param mountpoints as {@link #fsInfo} names them
     * @throws IllegalArgumentException where the list is empty
     */
    CompletableFuture<Integer> freeze(List<String> mountpoints, Duration deadline);

    /**
     * Lets all frozen file systems go on ({@code guest-fsfreeze-thaw}). Completes with how many this call has thawed: 0 where
     * none was frozen, fewer than were frozen where somebody else has thawed in between and the guest has written since.
     *
     * <p>It is the one command that waits for nobody: behind a freeze that was given up it is sent at once, and takes effect
     * when the guest comes to it, also when this future has long ended as outcome unknown.
     */
    CompletableFuture<Integer> thaw();

    /** The mounted local file systems and the disks that they lie on ({@code guest-get-fsinfo}). */
    CompletableFuture<List<GuestFileSystem>> fsInfo();

    /**
     * Sends any command and completes with what the agent returns. {@code deadline} counts from this call; zero means none.
     * A command that does not answer where it succeeds ({@link AgentCommand#answers}; {@code guest-shutdown} is one) ends as
     * outcome unknown then.
     *
     * @throws IllegalArgumentException for {@code guest-sync-delimited}: the session synchronizes by itself
     */
    CompletableFuture<JsonNode> execute(String command, @Nullable ObjectNode arguments, Duration deadline);

    /** {@link #execute(String, ObjectNode, Duration)} with the command deadline of the options. */
    CompletableFuture<JsonNode> execute(String command, @Nullable ObjectNode arguments);

    /** {@link #execute(String, ObjectNode, Duration)} of a typed command. */
    default <R> CompletableFuture<R> execute(QmpCommand<R> command, Duration deadline) {
        return Replies.decoded(
                execute(command.commandName(), command.encodeArguments(), deadline), command::decodeReturn);
    }

    /** {@link #execute(QmpCommand, Duration)} with the command deadline of the options. */
    default <R> CompletableFuture<R> execute(QmpCommand<R> command) {
        return Replies.decoded(execute(command.commandName(), command.encodeArguments()), command::decodeReturn);
    }

    SessionStatistics statistics();

    /** Completes when the session has ended: normally after a close in order, else exceptionally with the cause. */
    CompletionStage<Void> closed();

    /**
     * Ends the session, as {@link dev.qmp.QmpClient#closeAsync} does. It thaws nothing: whoever has frozen a guest thaws it
     * first.
     */
    CompletableFuture<Void> closeAsync();

    /** {@link #closeAsync()}, waited for. Not to be called from a callback of this session's own. */
    @Override
    void close();
}
