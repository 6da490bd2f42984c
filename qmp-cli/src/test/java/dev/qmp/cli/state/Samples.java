package dev.qmp.cli.state;

import dev.qmp.cli.state.SnapshotRecord.DiskRecord;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records as the tests need them. */
final class Samples {

    private Samples() {}

    static DiskRecord disk(String name, String base, String overlay) {
        return new DiskRecord(name, new ImageRef(base, "qcow2"), new ImageRef(overlay, "qcow2"));
    }

    static SnapshotRecord snapshot(String name, @Nullable String parent, Instant at, DiskRecord... disks) {
        return new SnapshotRecord(name, at, null, parent, false, List.of(disks));
    }
}
