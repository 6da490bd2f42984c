package dev.qmp.block;

import dev.qmp.block.SnapshotPlan.Entry;
import dev.qmp.block.SnapshotRequest.Existing;
import dev.qmp.block.SnapshotRequest.Target;
import dev.qmp.error.UnsafeOperationException;
import dev.qmp.qapi.BlockdevSnapshotSync;
import dev.qmp.qapi.BlockdevSnapshotSyncCommand;
import dev.qmp.qapi.Empty;
import dev.qmp.qapi.NewImageMode;
import dev.qmp.qapi.QmpCommand;
import dev.qmp.qapi.Transaction;
import dev.qmp.qapi.TransactionAction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** From a graph and a wish to a plan, by what the graph alone can tell. Files are looked at afterwards. */
final class SnapshotPlanner {

    private final BlockGraph graph;
    private final QemuFiles files;

    SnapshotPlanner(BlockGraph graph, QemuFiles files) {
        this.graph = graph;
        this.files = files;
    }

    SnapshotPlan plan(SnapshotRequest request) {
        if (request.existing() == Existing.REUSE) {
            DiskChecks.askable(graph, "the overlay");
        }
        List<Entry> entries = new ArrayList<>();
        Set<NodeName> taken = new HashSet<>(graph.nodes().keySet());
        for (Target target : targets(request)) {
            Disk disk = graph.disk(target.disk());
            Layer base = DiskChecks.writable(disk);
            checkAttached(disk);
            DiskChecks.idle(graph, disk);
            DiskChecks.free(graph, disk, null);
            String overlay = target.file() != null ? target.file() : OverlayNames.file(disk, request.name());
            NodeName node = OverlayNames.node(disk, request.name(), taken);
            taken.add(node);
            checkOverlay(disk, overlay, entries);
            checkHeader(request, base, overlay);
            entries.add(new Entry(disk, base, overlay, node));
        }
        return new SnapshotPlan(request.name(), request.existing(), entries, command(entries, request.existing()));
    }

    /** On a node that nothing uses QEMU puts the overlay, says so, and closes it again: nobody is there to hold it (7.2). */
    private static void checkAttached(Disk disk) {
        if (!disk.attached()) {
            throw new UnsafeOperationException(
                    "node-unused",
                    "nothing uses the node " + disk.name() + ": QEMU would say that the snapshot was taken, and close"
                            + " the overlay at once",
                    "export the node first, or add the overlay yourself (blockdev-add, blockdev-snapshot)");
        }
    }

    private List<Target> targets(SnapshotRequest request) {
        if (!request.targets().isEmpty()) {
            return request.targets();
        }
        List<Target> all = graph.disks().stream()
                .filter(d -> d.inserted() && !d.readOnly() && d.kind() == DeviceKind.DISK && d.attached())
                .map(d -> new Target(d.name(), null))
                .toList();
        if (all.isEmpty()) {
            throw new UnsafeOperationException(
                    "no-disk",
                    "this guest has no writable disk with a medium",
                    "its drives are " + BlockGraph.names(graph.disks()));
        }
        return all;
    }

    private void checkOverlay(Disk disk, String overlay, List<Entry> before) {
        if (!Paths.absolute(overlay)) {
            throw new UnsafeOperationException(
                    "overlay-relative",
                    "the overlay '" + overlay + "' is not an absolute file name",
                    "QEMU would look for it in its own working folder: give the name from the / on");
        }
        for (Entry entry : before) {
            if (entry.disk().equals(disk)) {
                throw new UnsafeOperationException(
                        "disk-twice", "the disk " + disk.name() + " is named twice", "name each disk once");
            }
            if (files.same(entry.overlay(), overlay)) {
                throw new UnsafeOperationException(
                        "overlay-twice",
                        "two disks would get the same overlay " + overlay,
                        "give each disk a file of its own");
            }
        }
        graph.nodeUsing(name -> files.same(name, overlay)).ifPresent(node -> {
            throw new UnsafeOperationException(
                    "overlay-in-use",
                    "the overlay " + overlay + " is in use by this guest (node " + node.name() + ")",
                    "choose a file that no disk of the guest uses; it was not touched");
        });
    }

    /**
     * QEMU writes the base's name into the overlay's header as it was given at QEMU's start. A name with a folder, relative to
     * QEMU's working folder, then means another file, and the disk does not open at the next start (7.2 to 11.1);
     * change-backing-file is no cure, since it records the overlay's own format as the base's.
     */
    private void checkHeader(SnapshotRequest request, Layer base, String overlay) {
        BlockNode node = graph.node(base.node());
        if (node == null || request.existing() == Existing.REUSE || node.reachableFrom(Paths.folder(overlay))) {
            return;
        }
        throw new UnsafeOperationException(
                "base-relative",
                "QEMU knows the active layer as '" + node.givenFilename()
                        + "', and would write that into the overlay's header,"
                        + " where it means another file: the disk would not open at QEMU's next start",
                "create the overlay yourself and have it reused: qemu-img create -f qcow2 -F "
                        + base.format()
                        + " -b '" + base.file() + "' '" + overlay + "' " + base.virtualSize()
                        + "; or start QEMU with absolute file names");
    }

    private static QmpCommand<Empty> command(List<Entry> entries, Existing existing) {
        List<BlockdevSnapshotSync> snapshots =
                entries.stream().map(entry -> snapshot(entry, existing)).toList();
        return snapshots.size() == 1
                ? BlockdevSnapshotSyncCommand.of(snapshots.get(0))
                : new Transaction(snapshots.stream()
                        .<TransactionAction>map(TransactionAction.BlockdevSnapshotSync::new)
                        .toList());
    }

    /** By node name for -drive and -blockdev guests alike; then the new node needs a name of ours. */
    private static BlockdevSnapshotSync snapshot(Entry entry, Existing existing) {
        return BlockdevSnapshotSync.builder()
                .nodeName(entry.base().node().value())
                .snapshotFile(entry.overlay())
                .snapshotNodeName(entry.node().value())
                .format("qcow2")
                .mode(existing == Existing.REUSE ? NewImageMode.EXISTING : null)
                .build();
    }
}
