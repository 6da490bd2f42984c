package dev.qmp.transport;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** What the file system says about a path where a socket should be; asked only once connecting has failed. */
final class SocketFile {

    private final Path path;

    SocketFile(String path) {
        this.path = Path.of(path);
    }

    /** "a folder", "a regular file", …; empty for a socket and for what cannot be looked at. */
    Optional<String> otherThanSocket() {
        try {
            BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
            if (file.isDirectory()) {
                return Optional.of("a folder");
            }
            if (file.isRegularFile()) {
                return Optional.of("a regular file");
            }
            int type = (Integer) Files.getAttribute(path, "unix:mode") & 0170000;
            return switch (type) {
                case 0140000 -> Optional.empty();
                case 0010000 -> Optional.of("a named pipe");
                case 0020000, 0060000 -> Optional.of("a device");
                default -> Optional.of("something else");
            };
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether nothing is there; false where we may not look. */
    boolean isMissing() {
        try {
            Files.readAttributes(path, BasicFileAttributes.class);
            return false;
        } catch (NoSuchFileException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** The nearest folder above that is missing, seen from the root; empty where all are there. */
    Optional<Path> missingFolder() {
        return folderFailing(NoSuchFileException.class);
    }

    /** Where the path is a symbolic link that leads nowhere: its target, as it stands in the link. */
    Optional<Path> danglingTarget() {
        try {
            return Files.isSymbolicLink(path) && Files.notExists(path)
                    ? Optional.of(Files.readSymbolicLink(path))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The folder on the way whose search permission we lack; empty where that is not the trouble. */
    Optional<Path> closedFolder() {
        Optional<Path> unseen = folderFailing(AccessDeniedException.class);
        if (unseen.isPresent()) {
            return unseen.map(Path::getParent);
        }
        return failsWith(path, AccessDeniedException.class)
                ? Optional.ofNullable(path.toAbsolutePath().getParent())
                : Optional.empty();
    }

    private Optional<Path> folderFailing(Class<? extends IOException> failure) {
        Path folder = path.toAbsolutePath().getParent();
        for (int names = 1; folder != null && names <= folder.getNameCount(); names++) {
            Path upTo = folder.getRoot().resolve(folder.subpath(0, names));
            if (failsWith(upTo, failure)) {
                return Optional.of(upTo);
            }
        }
        return Optional.empty();
    }

    private static boolean failsWith(Path file, Class<? extends IOException> failure) {
        try {
            Files.readAttributes(file, BasicFileAttributes.class);
            return false;
        } catch (IOException e) {
            return failure.isInstance(e);
        }
    }

    /** "user alice, rw-------"; empty where we may not look. */
    static Optional<String> ownerAndMode(Path file) {
        return attributes(file)
                .map(found ->
                        "user " + found.owner().getName() + ", " + PosixFilePermissions.toString(found.permissions()));
    }

    static Optional<String> owner(Path file) {
        return attributes(file).map(found -> found.owner().getName());
    }

    private static Optional<PosixFileAttributes> attributes(Path file) {
        try {
            return Optional.of(Files.readAttributes(file, PosixFileAttributes.class, new LinkOption[0]));
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    Path path() {
        return path;
    }
}
