package dev.qmp;

import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import dev.qmp.error.ConnectionLostException;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.error.QmpException;
import java.util.concurrent.CompletionException;

/** Why an attempt to connect again failed. */
final class ReconnectFailures {

    private ReconnectFailures() {}

    /** Whether another attempt would fail in the same way. */
    static boolean hopeless(QmpException cause) {
        return cause instanceof ConnectFailedException refused
                && (refused.reason() == Reason.BAD_ADDRESS || refused.reason() == Reason.CLOSED);
    }

    /** Greeted and negotiated, and then nothing came: no session came to be. */
    static ConnectFailedException unproven(String address, Throwable failure) {
        QmpException cause = typed(failure);
        boolean late = cause instanceof OutcomeUnknownException unknown
                && unknown.reason() == OutcomeUnknownException.Reason.DEADLINE_PASSED;
        return new ConnectFailedException(
                address,
                late ? Reason.TIMED_OUT : Reason.IO,
                "QEMU at " + address + " did not say which machine it is: " + cause.getMessage(),
                null,
                cause);
    }

    static QmpException typed(Throwable failure) {
        Throwable cause = failure.getCause();
        if (failure instanceof CompletionException && cause != null) {
            return typed(cause);
        }
        return failure instanceof QmpException known
                ? known
                : new ConnectionLostException("connecting failed: " + failure, failure);
    }
}
