package dev.qmp.block;

import dev.qmp.job.JobId;
import dev.qmp.qapi.BlockdevOnError;
import org.jspecify.annotations.Nullable;

/**
 * What a user wants pulled.
 *
 * @param disk as {@link BlockGraph#disk} takes it
 * @param base the layer, by file or node name, that is to stay below the active one; null to flatten the whole chain
 * @param speed bytes per second; 0 for no limit
 * @param jobId null for one that is derived from the disk, so that it can be found again
 * @param onError what the job does at an I/O error; null for QEMU's default, report
 */
public record PullRequest(
        String disk,
        @Nullable String base,
        long speed,
        @Nullable JobId jobId,
        @Nullable BlockdevOnError onError) {

    public PullRequest {
        if (speed < 0) {
            throw new IllegalArgumentException("a speed is not negative: " + speed);
        }
    }

    /** Everything below the active layer, or down to {@code base}, with QEMU's defaults. */
    public static PullRequest of(String disk, @Nullable String base) {
        return new PullRequest(disk, base, 0, null, null);
    }
}
