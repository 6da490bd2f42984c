package dev.qmp.error;

import org.jspecify.annotations.Nullable;

/**
 * The command was sent, and its reply did not come, or contradicts what can be seen. QEMU may have run it, may be running it, or may run it yet; only a
 * look at QEMU's state tells. Trying again blindly can do a thing twice.
 */
public final class OutcomeUnknownException extends QmpException {

    /** What keeps the outcome from being known. */
    public enum Reason {
        /** The command's deadline passed; the session goes on, and the late reply will be dropped and counted. */
        DEADLINE_PASSED,
        /** The connection ended first. */
        CONNECTION_LOST,
        /** A job is gone, and neither an event nor a query told its end. */
        VANISHED,
        /** QEMU reported success, and the block graph is not what it should be: somebody else was at work. */
        GRAPH_DIFFERS
    }

    private final String command;
    private final Reason reason;

    public OutcomeUnknownException(String command, Reason reason, String why, @Nullable Throwable cause) {
        this(
                command,
                reason,
                why,
                "QEMU may have run it; look at its state (disks, chain, jobs) before trying again",
                cause);
    }

    public OutcomeUnknownException(String command, Reason reason, String why, String hint, @Nullable Throwable cause) {
        super("the outcome of " + command + " is unknown: " + why, hint, cause);
        this.command = command;
        this.reason = reason;
    }

    public String command() {
        return command;
    }

    public Reason reason() {
        return reason;
    }
}
