package dev.qmp.cli.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The state folder: a file a guest. A file is written whole beside its old self, fsynced, and renamed over it, under a lock
 * that other qmp processes respect; a file that cannot be read is never overwritten.
 */
public final class StateStore {

    /** The lock on the file keeps other processes out; within one, the JVM refuses it to a second thread. */
    private static final Object THIS_PROCESS = new Object();

    private final Path folder;

    public StateStore(Path folder) {
        this.folder = folder;
    }

    /** {@code $QMP_STATE_DIR}, else {@code /var/lib/qmp} for root, else {@code $XDG_STATE_HOME/qmp}. */
    public static StateStore of(Map<String, String> environment, String user, Path home) {
        String chosen = environment.getOrDefault("QMP_STATE_DIR", "");
        if (!chosen.isEmpty()) {
            return new StateStore(Path.of(chosen).toAbsolutePath());
        }
        if (user.equals("root")) {
            return new StateStore(Path.of("/var/lib/qmp"));
        }
        String xdg = environment.getOrDefault("XDG_STATE_HOME", "");
        return new StateStore((xdg.isEmpty() ? home.resolve(".local/state") : Path.of(xdg)).resolve("qmp"));
    }

    public Path folder() {
        return folder;
    }

    /** What is remembered of a guest; nothing for one that was never written of. */
    public GuestState read(GuestKey guest) {
        Path file = file(guest);
        try {
            return StateCodec.read(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return GuestState.EMPTY;
        } catch (IOException e) {
            throw new StateException(
                    "the records in " + file + " cannot be read: " + text(e),
                    "nothing was changed; look at the file, and move it away if it is damaged",
                    e);
        }
    }

    /** Reads, changes and writes a guest's state while no other qmp does. */
    public GuestState update(GuestKey guest, UnaryOperator<GuestState> change) {
        synchronized (THIS_PROCESS) {
            return updateAlone(guest, change);
        }
    }

    private GuestState updateAlone(GuestKey guest, UnaryOperator<GuestState> change) {
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            try (FileChannel lockFile = FileChannel.open(
                            folder.resolve(guest.fileName() + ".lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
                    FileLock lock = lockFile.lock()) {
                GuestState changed = change.apply(read(guest));
                write(file(guest), StateCodec.write(changed), lock);
                return changed;
            }
        } catch (IOException e) {
            throw new StateException(
                    "the records in " + folder + " cannot be written: " + text(e),
                    "make the folder writable, or choose another one with QMP_STATE_DIR",
                    e);
        }
    }

    private static void write(Path file, byte[] bytes, FileLock lock) throws IOException {
        if (!lock.isValid()) {
            throw new IOException("the lock was lost");
        }
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel parent = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            // The rename itself is durable only when the folder is.
            parent.force(true);
        }
    }

    private Path file(GuestKey guest) {
        return folder.resolve(guest.fileName() + ".json");
    }

    private static String text(IOException e) {
        if (e instanceof FileSystemException file) {
            // The message of most of these is the bare path, and what happened is in the name.
            String what = e.getClass().getSimpleName().replace("Exception", "");
            return file.getReason() == null ? what + ": " + file.getFile() : file.getReason() + ": " + file.getFile();
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
