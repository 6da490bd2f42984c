package dev.qmp.block;

import dev.qmp.block.CopyDestination.Export;
import dev.qmp.block.CopyRequest.Ending;
import dev.qmp.error.UnsafeOperationException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From a graph and a wish to a copy's draft, by what the graph alone can tell. The destination is looked at afterwards. */
final class CopyPlanner {

    private final BlockGraph graph;
    private final QemuFiles files;

    CopyPlanner(BlockGraph graph, QemuFiles files) {
        this.graph = graph;
        this.files = files;
    }

    CopyDraft draft(CopyRequest request) {
        Disk disk = graph.disk(request.disk());
        Layer active = DiskChecks.inserted(disk);
        checkDisk(disk, request.ending());
        DiskChecks.idle(graph, disk);
        DiskChecks.free(graph, disk, null);
        CopyDestination destination = CopyDestination.of(request.destination());
        checkFree(destination);
        Layer below =
                request.shallow() && disk.layers().size() > 1 ? disk.layers().get(1) : null;
        String format = format(request, active, below, destination);
        NodeName root = disk.rootNode() == null ? active.node() : disk.rootNode();
        Set<NodeName> taken = new HashSet<>(graph.nodes().keySet());
        NodeName node = OverlayNames.node(disk, "copy", taken);
        taken.add(node);
        CopyDraft draft = new CopyDraft(
                request,
                disk,
                active,
                root,
                replaces(root, active),
                below,
                destination,
                format,
                OverlayNames.node(disk, "copy-file", taken),
                node,
                DiskChecks.freeJobId(graph, request.jobId(), "copy", disk));
        if (draft.probed()) {
            DiskChecks.askable(graph, "the destination");
        }
        return draft;
    }

    private static void checkDisk(Disk disk, Ending ending) {
        DiskChecks.disk(disk);
        if (disk.readOnly()) {
            throw new UnsafeOperationException(
                    "read-only",
                    "the disk " + disk.name() + " is read-only: the guest does not change it",
                    "copy its file: qemu-img convert -U");
        }
        if (ending != Ending.KEEP && !disk.attached()) {
            throw new UnsafeOperationException(
                    "node-unused",
                    "nothing uses the node " + disk.name() + ": there is nobody who could go on in the copy",
                    "keep the disk where it is, and take the copy");
        }
    }

    private void checkFree(CopyDestination destination) {
        graph.nodeUsing(name -> files.same(name, destination.file())).ifPresent(node -> {
            throw new UnsafeOperationException(
                    "copy-in-use",
                    "the destination " + destination.file() + " is in use by this guest (node " + node.name() + ")",
                    "choose another one; it was not touched");
        });
    }

    private static String format(
            CopyRequest request, Layer active, @Nullable Layer below, CopyDestination destination) {
        String format = request.format() != null
                ? request.format()
                : destination instanceof CopyDestination.Image image ? usual(image, active, below) : "raw";
        if (below != null && !format.equals("qcow2")) {
            throw new UnsafeOperationException(
                    "copy-shallow",
                    "a shallow copy sits on " + below.file() + ", and a raw image has no backing file",
                    "make it qcow2, or copy all of the chain");
        }
        if (destination instanceof Export && !format.equals("raw")) {
            throw new UnsafeOperationException(
                    "copy-format",
                    "an NBD export cannot grow, so a " + format + " image does not fit into it",
                    "let the copy be raw: the server knows how to keep it");
        }
        if (below != null && !Paths.absolute(below.file()) && below.type() != SourceType.NETWORK) {
            throw new UnsafeOperationException(
                    "copy-base-relative",
                    "QEMU knows the layer below as '" + below.file()
                            + "', which in the copy's header would mean another file",
                    "copy all of the chain, or start QEMU with absolute file names");
        }
        return format;
    }

    /** The active layer's format, but a file is what its name says it is. */
    private static String usual(CopyDestination.Image image, Layer active, @Nullable Layer below) {
        if (image.file().endsWith(".qcow2")) {
            return "qcow2";
        }
        if (image.file().endsWith(".raw")) {
            return "raw";
        }
        return active.format().equals("raw") && below == null ? "raw" : "qcow2";
    }

    /**
     * A job's source is a root node ("Need a root block node"), so filters are mirrored along; what gives way at the pivot is
     * the image below them, or throttling would be gone with the old image.
     */
    private @Nullable NodeName replaces(NodeName root, Layer active) {
        NodeName at = root;
        Set<NodeName> seen = new HashSet<>();
        while (!at.equals(active.node()) && seen.add(at)) {
            BlockNode node = graph.node(at);
            if (node == null || !node.filter()) {
                return null;
            }
            NodeName next = node.child("file").or(() -> node.child("image")).orElse(null);
            if (next == null) {
                return null;
            }
            at = next;
        }
        return root.equals(active.node()) ? null : active.node();
    }
}
