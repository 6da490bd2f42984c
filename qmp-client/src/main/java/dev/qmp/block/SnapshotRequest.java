package dev.qmp.block;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a user wants of a snapshot.
 *
 * @param name the snapshot's name; it becomes part of file and node names that are not given
 * @param targets the disks; none means every writable disk with a medium, but no CD-ROM and no floppy
 * @param existing what to do about an overlay that exists
 */
public record SnapshotRequest(String name, List<Target> targets, Existing existing) {

    /**
     * One disk.
     *
     * @param disk as {@link BlockGraph#disk} takes it
     * @param file the overlay, absolute as QEMU sees it; null for the default beside the active layer
     */
    public record Target(String disk, @Nullable String file) {}

    /** What to do about an overlay that exists. QEMU itself would empty it without a word. */
    public enum Existing {
        /** Nothing: the snapshot is refused. */
        REFUSE,
        /** The user made it, with the right size and backing file; both are checked. */
        REUSE,
        /** QEMU is to empty it. A file that the guest uses is refused all the same. */
        OVERWRITE
    }

    public SnapshotRequest {
        if (name.isBlank() || name.length() > 200 || name.chars().anyMatch(c -> c == '/' || c < ' ' || c == 0x7f)) {
            throw new IllegalArgumentException(
                    "not a snapshot's name: it has 1 to 200 characters, no / and no control characters");
        }
        targets = List.copyOf(targets);
    }
}
