package dev.qmp.transport;

import static dev.qmp.transport.ConnectFailures.failure;

import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Why a UNIX socket cannot be connected: connect(2)'s error, and what the file system adds to it. */
final class UnixConnectFailures {

    private UnixConnectFailures() {}

    static ConnectFailedException of(QmpAddress.Unix address, Throwable cause) {
        SocketFile file;
        try {
            file = new SocketFile(address.path());
        } catch (InvalidPathException e) {
            return ConnectFailures.other(
                    address, cause); // only where the locale cannot spell the path: nothing to look at
        }
        return switch (ConnectErrno.of(cause)) {
            case NO_ENTRY, NOT_A_DIRECTORY, LINK_LOOP -> missing(address, file, cause);
            case ACCESS, NOT_PERMITTED -> denied(address, file, cause);
            case REFUSED, NOT_A_SOCKET -> nobodyListens(address, file, cause);
            case TRY_AGAIN -> busy(address, cause);
            case WRONG_TYPE ->
                failure(
                        address,
                        Reason.NOT_QMP,
                        address.path() + " is a datagram socket, not a QMP monitor's",
                        "Give the path that QEMU's -qmp option names",
                        cause);
            default -> {
                if (file.isMissing()) {
                    yield missing(address, file, cause);
                }
                yield file.otherThanSocket().isPresent()
                        ? nobodyListens(address, file, cause)
                        : ConnectFailures.other(address, cause);
            }
        };
    }

    static ConnectFailedException of(QmpAddress.UnixAbstract address, Throwable cause) {
        return switch (ConnectErrno.of(cause)) {
            case REFUSED ->
                failure(
                        address,
                        Reason.NOBODY_LISTENING,
                        "Nobody listens on the abstract socket @" + address.name(),
                        "Is QEMU running, in this network namespace, with abstract=on?",
                        cause);
            case TRY_AGAIN -> busy(address, cause);
            default -> ConnectFailures.other(address, cause);
        };
    }

    private static ConnectFailedException missing(QmpAddress.Unix address, SocketFile file, Throwable cause) {
        String message = "There is no socket " + address.path();
        Optional<Path> target = file.danglingTarget();
        Optional<Path> folder = file.missingFolder();
        ConnectErrno errno = ConnectErrno.of(cause);
        if (errno == ConnectErrno.LINK_LOOP) {
            message += ": its symbolic links lead in a circle";
        } else if (errno == ConnectErrno.NOT_A_DIRECTORY) {
            message += ": a part of that path is not a folder";
        } else if (target.isPresent()) {
            message += ": it is a symbolic link to " + target.get() + ", which does not exist";
        } else if (folder.isPresent()) {
            message += ": the folder " + folder.get() + " does not exist either";
        }
        String hint = "Is QEMU running, and was it started with -qmp unix:" + address.path() + ",server=on,wait=off?";
        return failure(address, Reason.NOT_FOUND, message, hint, cause);
    }

    private static ConnectFailedException denied(QmpAddress.Unix address, SocketFile file, Throwable cause) {
        Optional<Path> folder = file.closedFolder();
        Path inTheWay = folder.orElse(file.path());
        String facts = SocketFile.ownerAndMode(inTheWay)
                .map(found -> " (" + found + ")")
                .orElse("");
        String message = folder.isPresent()
                ? "No permission to reach " + address.path() + ": the folder " + inTheWay + facts
                        + " may not be searched"
                : "No permission to connect to " + address.path() + facts + ": that needs write permission on it";
        String hint = "Run this as "
                + SocketFile.owner(inTheWay).map(owner -> "user " + owner).orElse("the user who runs QEMU")
                + ", or with sudo";
        return failure(address, Reason.PERMISSION_DENIED, message, hint, cause);
    }

    private static ConnectFailedException nobodyListens(QmpAddress.Unix address, SocketFile file, Throwable cause) {
        Optional<String> other = file.otherThanSocket();
        if (other.isPresent()) {
            return failure(
                    address,
                    Reason.NOT_FOUND,
                    address.path() + " is " + other.get() + ", not a socket",
                    "Give the path that QEMU's -qmp option names",
                    cause);
        }
        return failure(
                address,
                Reason.NOBODY_LISTENING,
                "Nobody listens on the socket " + address.path(),
                "A QEMU that was killed leaves its socket file behind; start it again",
                cause);
    }

    private static ConnectFailedException busy(QmpAddress address, Throwable cause) {
        return failure(
                address,
                Reason.BUSY,
                "The monitor " + address + " is busy, and the queue of clients that wait for it is full",
                "A QMP monitor serves one client at a time: end the other one, or give QEMU one more -qmp option",
                cause);
    }
}
