package dev.qmp.transport;

import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import java.nio.file.InvalidPathException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a person reads when a link cannot be opened, the same words for every transport. */
final class ConnectFailures {

    private ConnectFailures() {}

    static ConnectFailedException of(QmpAddress address, Throwable cause) {
        if (address instanceof QmpAddress.Unix unix) {
            return UnixConnectFailures.of(unix, cause);
        }
        if (address instanceof QmpAddress.UnixAbstract unix) {
            return UnixConnectFailures.of(unix, cause);
        }
        if (address instanceof QmpAddress.Tls tls) {
            return TcpConnectFailures.of(tls, tls.host(), tls.port(), cause);
        }
        if (address instanceof QmpAddress.Tcp tcp) {
            return TcpConnectFailures.of(tcp, tcp.host(), tcp.port(), cause);
        }
        return other(address, cause);
    }

    static ConnectFailedException other(QmpAddress address, @Nullable Throwable cause) {
        String said = cause == null ? "no reason was given" : ConnectErrno.textOf(cause);
        return failure(address, Reason.IO, "Cannot connect to " + address + ": " + said, null, cause);
    }

    static ConnectFailedException timedOut(QmpAddress address, Duration timeout) {
        String message = "No connection to " + address + " within " + inWords(timeout);
        String hint = address instanceof QmpAddress.Tcp || address instanceof QmpAddress.Tls
                ? "Check the host and the port; a firewall that drops packets looks like this, too"
                : null;
        return failure(address, Reason.TIMED_OUT, message, hint, null);
    }

    /** {@code transport} as users write it. */
    static ConnectFailedException notAvailable(QmpAddress address, String transport, @Nullable Throwable cause) {
        Throwable root = cause;
        while (root != null && root.getCause() != null) {
            root = root.getCause();
        }
        String why = root == null || root.getMessage() == null ? "its native library did not load" : root.getMessage();
        return failure(
                address,
                Reason.BAD_ADDRESS,
                "The " + transport + " transport is not available here: " + why,
                "Use the transport auto, which chooses by itself, or nio, which is everywhere",
                cause);
    }

    static ConnectFailedException loopsClosed(QmpAddress address) {
        return failure(
                address,
                Reason.CLOSED,
                "Cannot connect to " + address + ": the runtime that the client was to use is closed",
                null,
                null);
    }

    static ConnectFailedException noAbstractSockets(QmpAddress.UnixAbstract address, String transport) {
        return failure(
                address,
                Reason.BAD_ADDRESS,
                "The abstract socket @" + address.name() + " cannot be reached over the " + transport + " transport",
                "Abstract sockets are Linux's: use the transport epoll, or jnr",
                null);
    }

    static ConnectFailedException noInherited(QmpAddress address, String transport) {
        return failure(
                address,
                Reason.BAD_ADDRESS,
                "The " + transport + " transport cannot take over the descriptor " + address,
                "Use the transport epoll or jnr, on Linux",
                null);
    }

    static ConnectFailedException jnrIsForUnixSockets(QmpAddress address) {
        return failure(
                address,
                Reason.BAD_ADDRESS,
                "The jnr transport opens UNIX sockets only, and " + address + " is none",
                "Use the transport auto, epoll or nio",
                null);
    }

    static ConnectFailedException pathTooLong(QmpAddress.Unix address, int length, int limit) {
        return failure(
                address,
                Reason.BAD_ADDRESS,
                "The socket path is too long: " + length + " bytes, and at most " + limit + " can be used: "
                        + address.path(),
                "Use a path relative to the working directory, a symbolic link to the socket's folder,"
                        + " or a shorter path in QEMU's -qmp option",
                null);
    }

    static ConnectFailedException nameTooLong(QmpAddress.UnixAbstract address, int length, int limit) {
        return failure(
                address,
                Reason.BAD_ADDRESS,
                "The abstract socket's name is too long: " + length + " bytes, and at most " + limit + " can be used",
                null,
                null);
    }

    static ConnectFailedException notAPathHere(QmpAddress.Unix address, InvalidPathException cause) {
        return failure(
                address,
                Reason.BAD_ADDRESS,
                "This path cannot be written in the character set of the system's locale: " + address.path(),
                "Set a UTF-8 locale, such as LC_ALL=C.UTF-8",
                cause);
    }

    static ConnectFailedException failure(
            QmpAddress address, Reason reason, String message, @Nullable String hint, @Nullable Throwable cause) {
        return new ConnectFailedException(address.toString(), reason, message, hint, cause);
    }

    static String inWords(Duration timeout) {
        return timeout.toMillis() % 1_000 == 0 ? timeout.toSeconds() + " s" : timeout.toMillis() + " ms";
    }
}
