package dev.qmp.block;

import dev.qmp.job.JobId;
import dev.qmp.qapi.BlockdevOnError;
import org.jspecify.annotations.Nullable;

/**
 * What a user wants committed: the data of some layers written down into a lower one.
 *
 * @param disk as {@link BlockGraph#disk} takes it
 * @param top the highest layer whose data go down, by file or node name; null for the active one
 * @param base the layer that takes the data; null for the lowest
 * @param keepOverlay of a commit of the active layer: the guest stays there, and the base is what the disk was at that moment
 * @param delete the files whose data went down are removed, where it is proved that nothing uses them
 * @param keepRelative the header above names the base relative to its own folder
 * @param speed bytes per second; 0 for no limit
 * @param jobId null for one that is derived from the disk, so that it can be found again
 * @param onError what the job does at an I/O error; null for QEMU's default, report
 */
public record CommitRequest(
        String disk,
        @Nullable String top,
        @Nullable String base,
        boolean keepOverlay,
        boolean delete,
        boolean keepRelative,
        long speed,
        @Nullable JobId jobId,
        @Nullable BlockdevOnError onError) {

    public CommitRequest {
        if (speed < 0) {
            throw new IllegalArgumentException("a speed is not negative: " + speed);
        }
        if (keepOverlay && delete) {
            throw new IllegalArgumentException("an overlay that is kept cannot be deleted");
        }
    }

    /** From {@code top} to {@code base}, with QEMU's defaults; nothing is deleted. */
    public static CommitRequest of(String disk, @Nullable String top, @Nullable String base) {
        return new CommitRequest(disk, top, base, false, false, false, 0, null, null);
    }

    /** This one, with the files whose data went down removed. */
    public CommitRequest deleting() {
        return new CommitRequest(disk, top, base, keepOverlay, true, keepRelative, speed, jobId, onError);
    }

    /** This one, with the guest staying in its overlay. */
    public CommitRequest keepingOverlay() {
        return new CommitRequest(disk, top, base, true, delete, keepRelative, speed, jobId, onError);
    }
}
