package dev.qmp.cli.command;

import dev.qmp.QmpClientOptions;
import dev.qmp.agent.FreezeStatus;
import dev.qmp.agent.QemuGuestAgent;
import dev.qmp.cli.render.Traffic;
import dev.qmp.error.CommandFailedException;
import dev.qmp.error.CommandNotSentException;
import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.error.QmpException;
import dev.qmp.error.UnsafeOperationException;
import dev.qmp.transport.QmpAddress;
import dev.qmp.wire.WireLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The guest's file systems frozen through its agent, until they are thawed: on every path, after a freeze without an answer
 * and on Ctrl-C too. A guest that stays frozen is worse than no snapshot, so a thaw that failed is always told.
 */
final class Quiesce {

    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final int ANSWER_BYTES = 1 << 20;
    private static final String WITHOUT = "leave --quiesce out for a snapshot as after a power cut";
    private static final String THAW =
            "thaw it: `fsfreeze --unfreeze MOUNTPOINT` in the guest, or restart its agent and send it"
                    + " guest-fsfreeze-thaw";

    private final Subcommand command;
    private final String socket;
    private final QemuGuestAgent agent;
    private final Thread hook;
    private volatile int frozen;
    private volatile @Nullable CompletableFuture<Integer> freezing;

    private Quiesce(Subcommand command, String socket, QemuGuestAgent agent) {
        this.command = command;
        this.socket = socket;
        this.agent = agent;
        this.hook = new Thread(this::interrupted, "qmp-thaw");
    }

    /** Fails with the guest as it was, as far as it could be told to be. */
    static Quiesce freeze(Subcommand command, String socket) throws InterruptedException {
        QemuGuestAgent agent = connect(command, socket);
        try {
            refuseIfFrozen(agent);
        } catch (RuntimeException | InterruptedException e) {
            agent.close();
            throw e;
        }
        Quiesce quiesce = new Quiesce(command, socket, agent);
        Runtime.getRuntime().addShutdownHook(quiesce.hook);
        quiesce.freeze();
        return quiesce;
    }

    private static QemuGuestAgent connect(Subcommand command, String socket) throws InterruptedException {
        GlobalOptions options = command.options();
        QmpClientOptions.Builder client = options.clientOptions()
                .ssh(Targets.ssh(command.context()))
                .commandDeadline(DEADLINE)
                .limits(WireLimits.DEFAULT.withDocumentBytes(ANSWER_BYTES));
        if (options.trace) {
            client.trafficListener(traffic(command));
        }
        try {
            return TargetCommand.await(QemuGuestAgent.connect(address(socket, command), client.build()));
        } catch (ConnectFailedException e) {
            String hint = e.hint().map(known -> known + "; or " + WITHOUT).orElse(WITHOUT);
            throw new ConnectFailedException(e.address(), e.reason(), String.valueOf(e.getMessage()), hint, e);
        }
    }

    private static Traffic traffic(Subcommand command) {
        try {
            return new Traffic(command.console(), null);
        } catch (IOException e) {
            throw new AssertionError("no file is opened", e);
        }
    }

    private static QmpAddress address(String socket, Subcommand command) {
        return Targets.isAddress(socket)
                ? QmpAddress.parse(socket)
                : new QmpAddress.Unix(Targets.localFile(socket, command.context()));
    }

    /** Whoever has frozen it relies on that, and would have it thawed by us. */
    private static void refuseIfFrozen(QemuGuestAgent agent) throws InterruptedException {
        FreezeStatus status;
        try {
            status = TargetCommand.await(agent.freezeStatus());
        } catch (CommandFailedException e) {
            // An agent that may not tell may still freeze.
            return;
        }
        if (status == FreezeStatus.FROZEN) {
            throw new UnsafeOperationException(
                    "guest-frozen",
                    "somebody else has frozen this guest's file systems already",
                    "wait for the other snapshot or backup to end; if there is none, " + THAW);
        }
    }

    private void freeze() throws InterruptedException {
        CompletableFuture<Integer> asked = agent.freeze();
        freezing = asked;
        try {
            frozen = TargetCommand.await(asked);
        } catch (CommandNotSentException e) {
            letGo();
            agent.closeAsync();
            throw notFrozen(e);
        } catch (CancellationException e) {
            // By the hook, which has the last word: the JVM ends with it.
            new CountDownLatch(1).await();
        } catch (QmpException e) {
            thaw().ifPresent(stillFrozen -> {
                throw stillFrozen;
            });
            throw notFrozen(e);
        } catch (InterruptedException e) {
            thawAfterFailure();
            throw e;
        }
        command.note("froze " + fileSystems(frozen));
    }

    private static LocalException notFrozen(QmpException e) {
        String why = e instanceof CommandFailedException refused
                ? "refused to freeze: " + refused.desc()
                : "did not freeze: " + e.getMessage();
        return new LocalException(
                "not-frozen", "the guest agent " + why, "no snapshot was taken, and nothing is frozen; " + WITHOUT, e);
    }

    /** Thaws, and lets go of the agent; returns what is to be told where that failed. */
    Optional<UnknownEnd> thaw() {
        if (!letGo()) {
            return Optional.empty();
        }
        return thawed().map(failure ->
                new UnknownEnd("the guest may be frozen still: " + failure.getMessage(), THAW, failure));
    }

    /** As {@link #thaw}, where another failure is to be told: then this one is said at once, and does not hide it. */
    void thawAfterFailure() {
        thaw().ifPresent(stillFrozen -> {
            command.console().err("qmp: " + stillFrozen.getMessage());
            command.console().err("hint: " + stillFrozen.hint());
        });
    }

    /** Whether the thaw is ours to do: while the JVM shuts down it is the hook's. */
    private boolean letGo() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private Optional<Throwable> thawed() {
        Optional<Throwable> failure = thawed(agent);
        if (failure.filter(Quiesce::lost).isEmpty()) {
            return failure;
        }
        // The connection has ended, the freeze has not: another connection may do.
        try {
            return thawed(connect(command, socket));
        } catch (RuntimeException e) {
            return failure;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failure;
        }
    }

    private static boolean lost(Throwable failure) {
        return failure instanceof CommandNotSentException
                || (failure instanceof OutcomeUnknownException unknown
                        && unknown.reason() == OutcomeUnknownException.Reason.CONNECTION_LOST);
    }

    private Optional<Throwable> thawed(QemuGuestAgent by) {
        try {
            int thawed = TargetCommand.await(by.thaw());
            if (thawed < frozen) {
                // A Windows guest thaws by itself after 10 s, and has written since.
                command.console()
                        .err("warning: of " + fileSystems(frozen) + " only " + thawed
                                + " stood still to the end: the snapshot may be as after a power cut");
            }
            return Optional.empty();
        } catch (RuntimeException e) {
            return Optional.of(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(e);
        } finally {
            by.closeAsync();
        }
    }

    private void interrupted() {
        CompletableFuture<Integer> asked = freezing;
        if (asked != null) {
            // Else the thaw would wait until the guest has frozen.
            asked.cancel(false);
        }
        Optional<Throwable> failure = thawed();
        if (failure.isEmpty()) {
            command.console().err("qmp: interrupted; the guest is thawed");
            command.console().err("hint: `qmp chain` shows whether the snapshot was taken");
        } else {
            command.console()
                    .err("qmp: interrupted, and the guest may be frozen still: "
                            + failure.get().getMessage());
            command.console().err("hint: " + THAW);
        }
        command.console().flush();
    }

    private static String fileSystems(int count) {
        return count + (count == 1 ? " file system" : " file systems");
    }
}
