package dev.qmp.block;

import dev.qmp.block.RevertRequest.Target;
import dev.qmp.error.UnsafeOperationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From a graph and a wish to a revert's drafts, by what the graph alone can tell. Images are looked at afterwards. */
final class RevertPlanner {

    private final BlockGraph graph;
    private final QemuFiles files;

    RevertPlanner(BlockGraph graph, QemuFiles files) {
        this.graph = graph;
        this.files = files;
    }

    List<RevertDraft> drafts(RevertRequest request) {
        DiskChecks.askable(graph, "the disks");
        List<RevertDraft> drafts = new ArrayList<>();
        for (Target target : request.targets()) {
            Disk disk = graph.disk(target.disk());
            Layer active = DiskChecks.writable(disk);
            checkSwappable(disk, active);
            DiskChecks.idle(graph, disk);
            DiskChecks.free(graph, disk, null);
            Layer live = live(disk, target).orElse(null);
            if (live == null) {
                checkNotWritable(target);
            } else {
                checkSize(disk, live.file(), live.virtualSize());
            }
            checkOverlay(disk, target, drafts);
            drafts.add(new RevertDraft(
                    disk,
                    active,
                    live == null ? target.frozen() : live.file(),
                    live == null ? target.format() : live.format(),
                    live,
                    target.overlay(),
                    target.unchangedSince()));
        }
        return drafts;
    }

    private void checkSwappable(Disk disk, Layer active) {
        if (disk.qomPath() == null) {
            throw new UnsafeOperationException(
                    "revert-device",
                    "no device of a machine uses the disk " + disk.name() + ", so there is none to give another image",
                    "stop what uses it, and start it with an overlay on the image that you want");
        }
        NodeName root = disk.rootNode();
        if (root != null && !root.equals(active.node())) {
            BlockNode filter = graph.node(root);
            throw new UnsafeOperationException(
                    "revert-filter",
                    "the device of " + disk.name() + " uses the node " + root
                            + (filter == null ? "" : " (" + filter.driver() + ")")
                            + " above the active layer, which would be lost with the old chain",
                    "remove it first (blockdev-reopen), and put it back afterwards");
        }
        graph.disks().stream()
                .filter(other -> !other.equals(disk))
                .filter(other ->
                        other.layers().stream().anyMatch(layer -> layer.node().equals(active.node())))
                .findFirst()
                .ifPresent(other -> {
                    throw new UnsafeOperationException(
                            "revert-shared",
                            other.name() + " uses the active layer of " + disk.name()
                                    + " as well, and would stay where it is",
                            "detach one of them");
                });
    }

    /** The layer that has the image open; of the disk's own chain first, then of any other's. */
    private Optional<Layer> live(Disk disk, Target target) {
        Optional<Layer> own = layer(disk, target.frozen());
        if (own.filter(Layer::active).isPresent()) {
            throw new UnsafeOperationException(
                    "image-active",
                    "the image " + target.frozen() + " is the active layer of " + disk.name()
                            + ": the guest writes to it, and what it was is gone",
                    "something was merged down into it; go back to another snapshot");
        }
        Optional<Layer> found = own.isPresent()
                ? own
                : graph.disks().stream()
                        .flatMap(other -> layer(other, target.frozen()).stream())
                        .filter(layer -> layer.format().equals(target.format()))
                        .findFirst();
        found.filter(layer -> !layer.readOnly()).ifPresent(layer -> {
            throw writable(target.frozen(), layer.node());
        });
        return found;
    }

    private Optional<Layer> layer(Disk disk, String file) {
        return disk.layers().stream()
                .filter(layer -> files.same(layer.file(), file))
                .findFirst();
    }

    private void checkNotWritable(Target target) {
        graph.nodes().values().stream()
                .filter(node -> !node.readOnly() && files.same(node.filename(), target.frozen()))
                .findFirst()
                .ifPresent(node -> {
                    throw writable(target.frozen(), node.name());
                });
    }

    static UnsafeOperationException writable(String file, @Nullable NodeName node) {
        return new UnsafeOperationException(
                "image-writable",
                "the image " + file + " is open for writing in this QEMU (node " + node + "): it is not frozen",
                "delete that node if nothing needs it (blockdev-del)");
    }

    static void checkSize(Disk disk, String file, long size) {
        long now = disk.layers().get(0).virtualSize();
        if (size != now) {
            throw new UnsafeOperationException(
                    "image-size",
                    "the image " + file + " has a virtual size of " + size + " bytes and the disk " + disk.name()
                            + " has " + now + ": the guest's disk would change its size",
                    "give the disk the image's size first (block_resize), if its guest can do without the rest");
        }
    }

    private void checkOverlay(Disk disk, Target target, List<RevertDraft> before) {
        if (before.stream().anyMatch(draft -> draft.disk().equals(disk))) {
            throw new UnsafeOperationException(
                    "disk-twice", "the disk " + disk.name() + " is named twice", "name each disk once");
        }
        String overlay = target.overlay();
        if (overlay == null) {
            return;
        }
        if (!Paths.absolute(overlay)) {
            throw new UnsafeOperationException(
                    "overlay-relative",
                    "the overlay '" + overlay + "' is not an absolute file name",
                    "QEMU would look for it in its own working folder: give the name from the / on");
        }
        before.forEach(draft -> {
            if (draft.overlay() != null && files.same(draft.overlay(), overlay)) {
                throw new UnsafeOperationException(
                        "overlay-twice",
                        "two disks would get the same overlay " + overlay,
                        "give each disk a file of its own");
            }
        });
        graph.nodeUsing(name -> files.same(name, overlay)).ifPresent(node -> {
            throw new UnsafeOperationException(
                    "overlay-in-use",
                    "the overlay " + overlay + " is in use by this guest (node " + node.name() + ")",
                    "choose a file that no disk of the guest uses; it was not touched");
        });
    }
}
