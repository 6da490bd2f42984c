package dev.qmp.cli.state;

import dev.qmp.cli.state.SnapshotRecord.DiskRecord;
import java.time.Instant;
import java.util.List;

/**
 * A way on from a snapshot: the guest went back to it, and writes to fresh overlays since.
 *
 * @param from the snapshot
 * @param disks for each disk the image that it went back to, and the fresh overlay on it
 */
public record BranchRecord(String from, Instant at, List<DiskRecord> disks) {

    public BranchRecord {
        disks = List.copyOf(disks);
    }

    BranchRecord from(String other) {
        return new BranchRecord(other, at, disks);
    }
}
