package dev.qmp.block;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Moments of disks that are to be no more: all layers from one to another become one.
 *
 * @param ranges a range a disk
 * @param how the way the data go; null for the one that moves fewer bytes, each disk for itself
 * @param unneeded the files that may be removed when they are out of use; a file that is not among them stays
 */
public record DeleteRequest(List<Range> ranges, @Nullable How how, Set<String> unneeded) {

    /** The way the data go. */
    public enum How {
        /** {@code block-stream}: up into the highest layer of the range. */
        PULL,
        /** {@code block-commit}: down into the lowest. */
        COMMIT
    }

    /**
     * Layers of one disk.
     *
     * @param disk as {@link BlockGraph#disk} takes it
     * @param lowest the file of the lowest layer
     * @param highest the file of the highest
     */
    public record Range(String disk, String lowest, String highest) {}

    public DeleteRequest {
        ranges = List.copyOf(ranges);
        unneeded = Set.copyOf(unneeded);
    }
}
