package dev.qmp.transport;

import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Where a socket of ours listens. For one in the file system: nothing is removed but a socket file that a dead process of
 * our own user left there, and in the end our own; both are known by their inode, never by their name alone.
 *
 * <p>The socket is bound under a name that nobody else has, and gets its own by link(2), which never replaces anything. Netty
 * removes whatever has the name that a channel was bound to when it closes the channel (4.2.18): that is the hidden one.
 */
final class ListeningPlace {

    private static final int ROOT = 0;
    private static final int TYPE = 0170000;
    private static final int SOCKET = 0140000;
    private static final int STICKY = 01000;
    private static final int OTHERS_WRITE = 02;

    private final QmpAddress address;
    private final @Nullable Path file;
    private final @Nullable Path hidden;
    private @Nullable Object ours;

    private ListeningPlace(QmpAddress address, @Nullable Path file) {
        this.address = address;
        this.file = file;
        this.hidden = file == null ? null : file.resolveSibling(hiddenName(file));
    }

    /** No longer than the file's own, where that has four bytes and more: the path shall fit in a socket's address, too. */
    private static String hiddenName(Path file) {
        int letters = Math.max(3, Math.min(7, String.valueOf(file.getFileName()).length() - 1));
        StringBuilder name = new StringBuilder(".");
        for (int i = 0; i < letters; i++) {
            name.append((char) ('a' + ThreadLocalRandom.current().nextInt(26)));
        }
        return name.toString();
    }

    /** Where the socket is to be bound. */
    QmpAddress bound() {
        return hidden == null ? address : QmpAddress.unix(hidden);
    }

    static ListeningPlace of(QmpAddress address) {
        return new ListeningPlace(address, address instanceof QmpAddress.Unix unix ? Path.of(unix.path()) : null);
    }

    /**
     * Makes room for the socket.
     *
     * @throws ConnectFailedException where it must not be there, or where somebody has that name
     */
    void prepare() {
        if (file == null) {
            return;
        }
        checkFolder(file);
        try {
            int mode = mode(file);
            Object inode = inode(file);
            if ((mode & TYPE) != SOCKET) {
                throw ListenFailures.inTheWay(address, file + " is there already, and is not a socket");
            }
            if (isAnswered(file)) {
                throw ListenFailures.taken(address);
            }
            if (!isOurUsers(file)) {
                throw ListenFailures.inTheWay(address, "Another user's socket is there already: " + file);
            }
            remove(file, inode);
        } catch (NoSuchFileException e) {
            return; // as it should be
        } catch (IOException e) {
            throw ListenFailures.of(address, e);
        }
    }

    private void checkFolder(Path socket) {
        Path folder = Objects.requireNonNullElse(socket.toAbsolutePath().getParent(), socket);
        try {
            int mode = (Integer) Files.getAttribute(folder, "unix:mode");
            if ((mode & OTHERS_WRITE) != 0 && (mode & STICKY) == 0) {
                throw ConnectFailures.failure(
                        address,
                        Reason.PERMISSION_DENIED,
                        "Any user may replace what is in the folder " + folder + ", the socket too",
                        "Use a folder of mode 0700",
                        null);
            }
        } catch (NoSuchFileException e) {
            throw ConnectFailures.failure(
                    address, Reason.NOT_FOUND, "There is no folder " + folder + " to listen in", null, e);
        } catch (IOException e) {
            throw ListenFailures.of(address, e);
        }
    }

    /** Whether anybody listens; a queue that is full is an answer as well. */
    private static boolean isAnswered(Path socket) {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false);
            probe.connect(UnixDomainSocketAddress.of(socket));
            return true;
        } catch (IOException e) {
            return ConnectErrno.of(e) != ConnectErrno.REFUSED;
        }
    }

    private static boolean isOurUsers(Path socket) throws IOException {
        Optional<Integer> self = ownUid();
        return self.isPresent() && self.get().equals(Files.getAttribute(socket, "unix:uid", LinkOption.NOFOLLOW_LINKS));
    }

    private static Optional<Integer> ownUid() {
        try {
            return Optional.of((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty(); // not Linux
        }
    }

    private static int mode(Path socket) throws IOException {
        return (Integer) Files.getAttribute(socket, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    }

    private static Object inode(Path socket) throws IOException {
        return Objects.requireNonNull(Files.readAttributes(socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey());
    }

    private static void remove(Path socket, Object inode) throws IOException {
        if (inode(socket).equals(inode)) {
            Files.delete(socket);
        }
    }

    /**
     * The socket listens: it is made one for this user alone, and gets its name.
     *
     * @throws java.nio.file.FileAlreadyExistsException where that has been taken meanwhile
     */
    void publish() throws IOException {
        if (file == null || hidden == null) {
            return;
        }
        try {
            Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString("rw-------"));
            Files.createLink(file, hidden);
            ours = inode(file);
        } finally {
            Files.deleteIfExists(hidden);
        }
    }

    /** Whether a process of this user may call: ours, and root, who may everything. */
    boolean admits(int uid) {
        return uid == ROOT || ownUid().map(own -> own == uid).orElse(true);
    }

    /** Removes our socket file; leaves alone what has come in its place. */
    void leave() {
        Object inode = ours;
        if (file == null || inode == null) {
            return;
        }
        ours = null;
        try {
            remove(file, inode);
        } catch (IOException e) {
            return; // it has gone by other hands
        }
    }
}
