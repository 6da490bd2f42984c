package dev.qmp.cli.state;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot that was taken.
 *
 * @param parent the snapshot that was current then; null for the first
 * @param memory whether the guest's memory was kept as well
 */
public record SnapshotRecord(
        String name,
        Instant createdAt,
        @Nullable String description,
        @Nullable String parent,
        boolean memory,
        List<DiskRecord> disks) {

    /**
     * One disk of it.
     *
     * @param base the layer that froze: it holds what the disk was when the snapshot was taken, with all below it
     * @param overlay the layer that the guest wrote to from then on
     */
    public record DiskRecord(String disk, ImageRef base, ImageRef overlay) {}

    public SnapshotRecord {
        disks = List.copyOf(disks);
    }

    SnapshotRecord renamed(String file, ImageRef now) {
        return new SnapshotRecord(name, createdAt, description, parent, memory, renamed(disks, file, now));
    }

    static List<DiskRecord> renamed(List<DiskRecord> disks, String file, ImageRef now) {
        return disks.stream()
                .map(disk -> new DiskRecord(
                        disk.disk(),
                        disk.base().file().equals(file) ? now : disk.base(),
                        disk.overlay().file().equals(file) ? now : disk.overlay()))
                .toList();
    }

    /** The same snapshot with another parent. */
    SnapshotRecord under(@Nullable String newParent) {
        return new SnapshotRecord(name, createdAt, description, newParent, memory, disks);
    }
}
