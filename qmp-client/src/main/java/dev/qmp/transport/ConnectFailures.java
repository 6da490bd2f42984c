package dev.qmp.transport;

import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import io.netty.channel.ConnectTimeoutException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * What a failed connect means to a user. The operating system's errors come through two libraries under different
 * exceptions, so the text of the error decides, and the file system says the rest.
 */
final class ConnectFailures {

    private ConnectFailures() {}

    static ConnectFailedException explain(QmpAddress address, Throwable failure) {
        String text = failure.getMessage() == null ? "" : failure.getMessage();
        if (address instanceof QmpAddress.Unix unix) {
            return unix(unix, text, failure);
        }
        if (failure instanceof UnknownHostException || failure instanceof UnresolvedAddressException) {
            return of(address, Reason.NOT_FOUND, "no host has the name in " + address, "check the spelling", failure);
        }
        if (failure instanceof ConnectTimeoutException) {
            return of(
                    address,
                    Reason.TIMED_OUT,
                    "connecting to " + address + " took too long",
                    "is the host up, and does a firewall let the port through?",
                    failure);
        }
        if (text.contains("refused")) {
            return of(
                    address,
                    Reason.NOBODY_LISTENING,
                    "nobody listens on " + address,
                    "start QEMU with -qmp " + (address instanceof QmpAddress.Tcp ? "tcp:HOST:PORT" : "unix:PATH")
                            + ",server=on,wait=off",
                    failure);
        }
        return of(address, Reason.IO, "connecting to " + address + " failed: " + text, null, failure);
    }

    private static ConnectFailedException unix(QmpAddress.Unix address, String text, Throwable failure) {
        Path path = Path.of(address.path());
        if (text.contains("Permission denied")) {
            return of(
                    address,
                    Reason.PERMISSION_DENIED,
                    "no permission to connect to " + address.path() + owner(path),
                    "connecting needs write permission on the socket and search permission on its folders:"
                            + " run as that user, or with sudo",
                    failure);
        }
        if (failure instanceof FileNotFoundException || text.contains("No such file")) {
            Path folder = path.toAbsolutePath().getParent();
            boolean folderThere = folder != null && Files.isDirectory(folder);
            return of(
                    address,
                    Reason.NOT_FOUND,
                    "no socket " + address.path() + (folderThere ? "" : ": its folder does not exist either"),
                    "is the QEMU running? `qmp list` shows the sockets of those that are",
                    failure);
        }
        if (text.contains("Resource temporarily unavailable")) {
            return of(
                    address,
                    Reason.BUSY,
                    address.path() + " takes no more connections: another client holds the monitor, and others wait",
                    "a QMP monitor serves one client at a time: end the other client, or give QEMU a second -qmp socket",
                    failure);
        }
        if (Files.exists(path) && !socket(path)) {
            return of(
                    address,
                    Reason.NOT_FOUND,
                    address.path() + " is not a socket but a " + (Files.isDirectory(path) ? "folder" : "file"),
                    "name the socket of QEMU's -qmp option",
                    failure);
        }
        if (text.contains("refused")) {
            return of(
                    address,
                    Reason.NOBODY_LISTENING,
                    "nobody listens on " + address.path(),
                    "the QEMU that made this socket is gone (one that is killed leaves its socket file behind)",
                    failure);
        }
        return of(address, Reason.IO, "connecting to " + address.path() + " failed: " + text, null, failure);
    }

    private static boolean socket(Path path) {
        try {
            Object mode = Files.getAttribute(path, "unix:mode");
            return ((Integer) mode & 0170000) == 0140000;
        } catch (IOException | UnsupportedOperationException e) {
            return true;
        }
    }

    private static String owner(Path path) {
        try {
            PosixFileAttributes file = Files.readAttributes(path, PosixFileAttributes.class);
            return " (it belongs to " + file.owner().getName() + ":"
                    + file.group().getName() + ", " + PosixFilePermissions.toString(file.permissions()) + ")";
        } catch (IOException | UnsupportedOperationException e) {
            return " (a folder on the way to it is closed to this user)";
        }
    }

    private static ConnectFailedException of(
            QmpAddress address, Reason reason, String message, @Nullable String hint, Throwable cause) {
        return new ConnectFailedException(address.toString(), reason, message, hint, cause);
    }
}
