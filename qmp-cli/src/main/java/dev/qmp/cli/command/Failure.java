package dev.qmp.cli.command;

import dev.qmp.cli.state.StateException;
import dev.qmp.error.CommandFailedException;
import dev.qmp.error.CommandNotSentException;
import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectionLostException;
import dev.qmp.error.DifferentPeerException;
import dev.qmp.error.EventsLostException;
import dev.qmp.error.JobFailedException;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.error.ProtocolViolationException;
import dev.qmp.error.QmpException;
import dev.qmp.error.UnexpectedValueException;
import dev.qmp.error.UnsafeOperationException;
import dev.qmp.schema.ArgumentException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What a failure means on the command line: the one place where it becomes an exit status.
 *
 * @param status see the contract's table
 * @param kind a word for programs
 * @param message what failed
 * @param errorClass QEMU's class, null where QEMU did not refuse
 * @param qemu QEMU's own words, null where there are none besides the message
 * @param hint what to do, null where nothing is known
 */
record Failure(
        int status,
        String kind,
        String message,
        @Nullable String errorClass,
        @Nullable String qemu,
        @Nullable String hint) {

    static final int DONE = 0;
    static final int REFUSED = 1;
    static final int USAGE = 2;
    static final int NOT_CONNECTED = 3;
    static final int UNKNOWN = 4;
    static final int UNSAFE = 5;
    static final int INTERRUPTED = 130;

    static Failure of(Throwable thrown) {
        Throwable failure = unwrap(thrown);
        if (failure instanceof QmpException qmp) {
            return of(qmp);
        }
        if (failure instanceof UsageException usage) {
            return new Failure(USAGE, "usage", text(usage), null, null, usage.hint());
        }
        if (failure instanceof UnknownEnd unknown) {
            return new Failure(UNKNOWN, "outcome-unknown", text(unknown), null, null, unknown.hint());
        }
        if (failure instanceof LocalException local) {
            return new Failure(REFUSED, local.kind(), text(local), null, null, local.hint());
        }
        if (failure instanceof StateException state) {
            return new Failure(REFUSED, "state", text(state), null, null, state.hint());
        }
        if (failure instanceof ArgumentException argument) {
            return new Failure(
                    USAGE, "usage", text(argument), null, null, argument.hint().orElse(null));
        }
        if (failure instanceof IllegalArgumentException) {
            return new Failure(USAGE, "usage", text(failure), null, null, null);
        }
        return new Failure(
                REFUSED,
                "internal",
                "qmp itself failed: " + failure,
                null,
                null,
                "this is a fault of qmp's: run it again with --stacktrace and report it");
    }

    private static Failure of(QmpException failure) {
        String hint = failure.hint().orElse(null);
        if (failure instanceof CommandFailedException refused) {
            return new Failure(
                    REFUSED,
                    "command-failed",
                    "QEMU refused " + refused.command(),
                    refused.errorClass(),
                    refused.desc(),
                    hint);
        } else if (failure instanceof JobFailedException job) {
            return new Failure(
                    REFUSED,
                    job.cancelled() ? "job-cancelled" : "job-failed",
                    "the job " + job.jobId() + (job.cancelled() ? " was cancelled" : " failed"),
                    null,
                    job.error(),
                    hint);
        } else if (failure instanceof ConnectFailedException connect) {
            return new Failure(NOT_CONNECTED, "connect", text(connect), null, null, hint);
        } else if (failure instanceof UnsafeOperationException unsafe) {
            // A disk that is not there is a word misspelt; all other checks protect something.
            int status = unsafe.check().startsWith("disk-") ? USAGE : UNSAFE;
            return new Failure(status, unsafe.check(), text(unsafe), null, null, Advice.of(unsafe));
        } else if (failure instanceof OutcomeUnknownException) {
            return new Failure(UNKNOWN, "outcome-unknown", text(failure), null, null, hint);
        } else if (failure instanceof CommandNotSentException) {
            return new Failure(UNKNOWN, "not-sent", text(failure), null, null, "QEMU has not run it; try again");
        } else if (failure instanceof ConnectionLostException || failure instanceof ProtocolViolationException) {
            return new Failure(UNKNOWN, "connection-lost", text(failure), null, null, hint);
        } else if (failure instanceof DifferentPeerException) {
            return new Failure(UNKNOWN, "different-peer", text(failure), null, null, hint);
        } else if (failure instanceof EventsLostException) {
            return new Failure(UNKNOWN, "events-lost", text(failure), null, null, hint);
        } else if (failure instanceof UnexpectedValueException) {
            return new Failure(UNKNOWN, "unexpected-reply", text(failure), null, null, hint);
        }
        throw new AssertionError("an exception of the sealed tree is missing here", failure);
    }

    static Throwable unwrap(Throwable failure) {
        Throwable current = failure;
        while ((current instanceof CompletionException || current instanceof ExecutionException)
                && current.getCause() != null) {
            current = current.getCause();
        }
        return current;
    }

    private static String text(Throwable failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }
}
