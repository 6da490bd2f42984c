package dev.qmp.block;

import dev.qmp.qapi.Empty;
import dev.qmp.qapi.QmpCommand;
import java.util.List;

/**
 * A snapshot that has passed its checks: what will be sent, and what the graph is to be afterwards.
 *
 * @param command one {@code blockdev-snapshot-sync}, or a {@code transaction} of several: all or none
 */
public record SnapshotPlan(
        String name, SnapshotRequest.Existing existing, List<Entry> disks, QmpCommand<Empty> command) {

    /**
     * One disk's part.
     *
     * @param base the layer that freezes
     * @param overlay the file of the layer that the guest will write to
     * @param node that layer's node name
     */
    public record Entry(Disk disk, Layer base, String overlay, NodeName node) {}

    public SnapshotPlan {
        disks = List.copyOf(disks);
    }

    /** What will be sent, in order. */
    public List<QmpCommand<?>> commands() {
        return List.of(command);
    }
}
