package dev.qmp.transport;

import static dev.qmp.transport.ConnectFailures.failure;

import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a person reads when nobody can call, or nobody does. */
final class ListenFailures {

    private ListenFailures() {}

    static ConnectFailedException of(QmpAddress address, @Nullable Throwable cause) {
        if (cause != null) {
            switch (ConnectErrno.of(cause)) {
                case IN_USE -> {
                    return taken(address);
                }
                case ACCESS, NOT_PERMITTED -> {
                    return failure(
                            address,
                            Reason.PERMISSION_DENIED,
                            "No permission to listen on " + address,
                            "Use a folder, or a port, of this user's own",
                            cause);
                }
                default -> {
                    // in the system's words
                }
            }
        }
        String said = cause == null ? "no reason was given" : ConnectErrno.textOf(cause);
        return failure(address, Reason.IO, "Cannot listen on " + address + ": " + said, null, cause);
    }

    static ConnectFailedException taken(QmpAddress address) {
        return failure(
                address,
                Reason.BUSY,
                "Another process listens on " + address + " already",
                "Choose another address, or connect to this one instead",
                null);
    }

    static ConnectFailedException inTheWay(QmpAddress address, String what) {
        return failure(
                address,
                Reason.BAD_ADDRESS,
                what,
                "Remove it if it is of no use any more, or choose another path",
                null);
    }

    static ConnectFailedException nobodyCalled(QmpAddress address, Duration timeout) {
        return failure(
                address,
                Reason.TIMED_OUT,
                "Nobody called " + address + " within " + ConnectFailures.inWords(timeout),
                "Start QEMU with -qmp " + address + ",server=off once this listens",
                null);
    }

    /**
     * Refuses what is no place to listen on.
     *
     * @throws ConnectFailedException with the reason {@code BAD_ADDRESS}
     */
    static void check(QmpAddress address, TransportKind kind) {
        boolean place = address instanceof QmpAddress.Unix
                || address instanceof QmpAddress.UnixAbstract
                || address instanceof QmpAddress.Tcp;
        if (!place || kind == TransportKind.JNR) {
            throw failure(
                    address,
                    Reason.BAD_ADDRESS,
                    place ? "The jnr transport connects, and does not listen" : "Nobody can call " + address,
                    "Listen on a UNIX socket or a TCP port, by the transport auto, epoll or nio",
                    null);
        }
    }
}
