package dev.qmp.block;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** QEMU runs on this host: its files are looked at through its own root. */
final class LocalFiles implements QemuFiles {

    private final QemuProcess qemu;

    LocalFiles(QemuProcess qemu) {
        this.qemu = qemu;
    }

    @Override
    public CompletableFuture<Finding> look(String path) {
        return CompletableFuture.completedFuture(lookNow(path));
    }

    private Finding lookNow(String path) {
        try {
            BasicFileAttributes file =
                    Files.readAttributes(qemu.resolve(path), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            String what = file.isDirectory()
                    ? "a folder"
                    : file.isSymbolicLink()
                            ? "a symbolic link"
                            : file.isOther() ? "a device, socket or pipe" : "a file of " + file.size() + " bytes";
            return new Finding(Presence.PRESENT, what);
        } catch (NoSuchFileException e) {
            return new Finding(Presence.ABSENT, "nothing");
        } catch (IOException e) {
            return new Finding(Presence.UNKNOWN, "it cannot be looked at: " + reason(e));
        } catch (InvalidPathException e) {
            return new Finding(Presence.UNKNOWN, "no file of this host's can have this name");
        }
    }

    private static String reason(IOException e) {
        return e instanceof FileSystemException f && f.getReason() != null
                ? f.getReason()
                : e.getClass().getSimpleName();
    }

    @Override
    public boolean same(String a, String b) {
        if (Paths.same(a, b)) {
            return true;
        }
        if (!Paths.absolute(a) || !Paths.absolute(b)) {
            return false;
        }
        try {
            return Files.isSameFile(qemu.resolve(a), qemu.resolve(b));
        } catch (IOException | InvalidPathException e) {
            // One of them does not exist, or cannot be reached: they are told apart by name alone.
            return false;
        }
    }

    @Override
    public boolean removeLeftOver(String overlay, String base) {
        try {
            return LeftOver.remove(qemu.root(), overlay, base);
        } catch (IOException | InvalidPathException e) {
            return false;
        }
    }

    @Override
    public OptionalLong usableSpace(String file) {
        try {
            return OptionalLong.of(
                    Files.getFileStore(qemu.resolve(Paths.folder(file))).getUsableSpace());
        } catch (IOException | InvalidPathException e) {
            return OptionalLong.empty();
        }
    }

    @Override
    public Optional<String> deviceUser(String device) {
        return DeviceUsers.of(qemu, device);
    }

    @Override
    public Optional<Instant> modified(String file) {
        try {
            return Optional.of(Files.getLastModifiedTime(qemu.resolve(file)).toInstant());
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }

    @Override
    public boolean emptyOverlay(String file) {
        try (SeekableByteChannel image = Files.newByteChannel(qemu.resolve(file))) {
            return Qcow2Header.empty(image);
        } catch (IOException | InvalidPathException e) {
            return false;
        }
    }
}
