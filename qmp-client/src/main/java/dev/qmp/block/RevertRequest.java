package dev.qmp.block;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * To which images a user wants a guest's disks back. The images stay as they are: the guest goes on in fresh overlays on
 * them, from its BIOS on.
 *
 * @param name of the snapshot to go back to; it becomes part of file and node names that are not given
 * @param targets all the disks that go back, and each at once with the others
 * @param keepPaused the guest is not to run afterwards
 * @param trustImages go back also to an image that was written to after {@link Target#unchangedSince}
 */
public record RevertRequest(String name, List<Target> targets, boolean keepPaused, boolean trustImages) {

    /**
     * One disk.
     *
     * @param disk as {@link BlockGraph#disk} takes it
     * @param frozen the image that holds what the disk was, absolute as QEMU sees it
     * @param format its format: nobody looks into it to find out
     * @param overlay where the guest is to write from now on, absolute; null for a name beside the active layer
     * @param unchangedSince when the image froze: one that was written to later does not hold what the disk was; null where
     *     nobody knows
     */
    public record Target(
            String disk,
            String frozen,
            String format,
            @Nullable String overlay,
            @Nullable Instant unchangedSince) {}

    public RevertRequest {
        targets = List.copyOf(targets);
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("a revert of no disk");
        }
    }
}
