package dev.qmp;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Schemas on disk, a file for each kind of peer. Nothing here fails: a file that is damaged, too old, too large or somebody
 * else's counts as none and is written anew, and a folder that cannot be used is not used.
 */
final class SchemaCache {

    /** A schema changes with its program only; this bounds how long a mistake about that could live. */
    static final Duration OLDEST = Duration.ofDays(30);

    /** So many kinds of peers are remembered, the ones met last. */
    static final int MOST_FILES = 16;

    private static final Logger LOG = LoggerFactory.getLogger(SchemaCache.class);
    private static final String ENDING = ".schema";
    private static final String UNFINISHED = ".new";
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    private static final int OTHERS_WRITE = 0022;

    private final Path folder;
    private final Clock clock;

    SchemaCache(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /** The lines that were written for exactly this key. */
    Optional<String> read(String key) {
        Path file = file(key);
        try {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS) || !ours(folder) || !ours(file) || !fresh(file)) {
                return Optional.empty();
            }
            return Optional.of(SchemaFile.decode(SchemaFile.bytes(file), key));
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug("the cached schema {} is not used: {}", file, e.toString());
            return Optional.empty();
        }
    }

    /** Writes beside the file and renames over it, so that a reader sees the old one or the new one. */
    void write(String key, String lines) {
        try {
            byte[] bytes = SchemaFile.encode(key, lines);
            if (bytes.length > SchemaFile.MOST_BYTES) {
                return;
            }
            FileAttribute<?> mode = PosixFilePermissions.asFileAttribute(PRIVATE);
            Files.createDirectories(folder, mode);
            if (!ours(folder)) {
                LOG.debug("the folder {} is another user's or open to others: no schema is kept there", folder);
                return;
            }
            // The JDK makes temporary files with mode 0600.
            Path fresh = Files.createTempFile(folder, "", UNFINISHED);
            try {
                Files.write(fresh, bytes);
                Files.move(fresh, file(key), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
            prune();
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug("the schema is not kept in {}: {}", folder, e.toString());
        }
    }

    Path file(String key) {
        return folder.resolve(SchemaFile.name(key) + ENDING);
    }

    /** Made by this process's user, and nobody else may write there; a symbolic link in its place is not followed. */
    private static boolean ours(Path path) throws IOException {
        int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        Object owner = Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        return !Files.isSymbolicLink(path)
                && (mode & OTHERS_WRITE) == 0
                && owner.equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    /** A time in the future is a clock's mistake, and no better than one that is long gone. */
    private boolean fresh(Path file) throws IOException {
        Instant written =
                Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
        Duration age = Duration.between(written, clock.instant());
        return age.compareTo(OLDEST) <= 0 && age.compareTo(OLDEST.negated()) >= 0;
    }

    private void prune() throws IOException {
        record Kept(Path file, FileTime written) {}
        List<Kept> schemas = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*{" + ENDING + "," + UNFINISHED + "}")) {
            for (Path file : files) {
                FileTime written = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS);
                if (file.toString().endsWith(ENDING)) {
                    schemas.add(new Kept(file, written));
                } else if (written.toInstant().isBefore(clock.instant().minus(OLDEST))) {
                    Files.deleteIfExists(file);
                }
            }
        }
        schemas.sort(Comparator.comparing(Kept::written).reversed());
        for (Kept old : schemas.subList(Math.min(MOST_FILES, schemas.size()), schemas.size())) {
            Files.deleteIfExists(old.file());
        }
    }
}
