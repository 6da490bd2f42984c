package dev.qmp.block;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** Files as QEMU sees them, which is not always how this process does: another host, another root, other rights. */
interface QemuFiles {

    /**
     * What was found at a path.
     *
     * @param detail what it is, or why nobody can tell
     */
    record Finding(Presence presence, String detail) {}

    /** Whether something is at a path. */
    enum Presence {
        ABSENT,
        PRESENT,
        /** Nothing proves that the path is free; it is to be treated as taken. */
        UNKNOWN
    }

    CompletableFuture<Finding> look(String path);

    /** Whether both names lead to one file, symbolic and hard links included where that can be seen. */
    boolean same(String a, String b);

    /**
     * Removes an overlay that a refused snapshot of ours has left behind: only a qcow2 file whose header names
     * {@code base} as its backing file. Returns whether it is gone.
     */
    boolean removeLeftOver(String overlay, String base);

    /** How many bytes may be written where a file is to be created; empty where nobody can tell. */
    default OptionalLong usableSpace(String file) {
        return OptionalLong.empty();
    }

    /** What on QEMU's host uses a device, in words; empty where nothing is seen to. */
    default Optional<String> deviceUser(String device) {
        return Optional.empty();
    }

    /** When a file was last written to; empty where nobody can tell. */
    default Optional<Instant> modified(String file) {
        return Optional.empty();
    }

    /** Whether a qcow2 file is proved to hold no data of its own. */
    default boolean emptyOverlay(String file) {
        return false;
    }
}
