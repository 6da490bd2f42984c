package dev.qmp.error;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The command was sent, and its reply did not come, or contradicts what can be seen. QEMU may have run it, may be running it, or may run it yet; only a
 * look at QEMU's state tells. Trying again blindly can do a thing twice.
 */
public final class OutcomeUnknownException extends QmpException {

    /** What keeps the outcome from being known. */
    public enum Reason {
        /** The command's deadline passed; the session goes on, and {@link #lateReply()} tells what becomes of it. */
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
    private final transient @Nullable CompletionStage<JsonNode> lateReply;

    public OutcomeUnknownException(String command, Reason reason, String why, @Nullable Throwable cause) {
        this(
                command,
                reason,
                why,
                "QEMU may have run it; look at its state (disks, chain, jobs) before trying again",
                cause);
    }

    public OutcomeUnknownException(String command, Reason reason, String why, String hint, @Nullable Throwable cause) {
        this(command, reason, why, hint, cause, null);
    }

    /** As the others, for a command whose reply may come yet and is told then by {@code lateReply}. */
    public OutcomeUnknownException(
            String command,
            Reason reason,
            String why,
            String hint,
            @Nullable Throwable cause,
            @Nullable CompletionStage<JsonNode> lateReply) {
        super("the outcome of " + command + " is unknown: " + why, hint, cause);
        this.command = command;
        this.reason = reason;
        this.lateReply = lateReply;
    }

    public String command() {
        return command;
    }

    public Reason reason() {
        return reason;
    }

    /**
     * Where a deadline passed, what becomes of the command after all: it is in flight still. The stage completes on the
     * callback executor, once: with what QEMU returned, or with {@link CommandFailedException} if it refused, or, if the
     * connection ended first, with the error that says why. Nothing is lost by not looking at it; what the reply means for a
     * retry is the caller's to decide. Empty for other reasons, and after this exception was serialized.
     */
    public Optional<CompletionStage<JsonNode>> lateReply() {
        return Optional.ofNullable(lateReply);
    }
}
