package dev.qmp.block;

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
}
