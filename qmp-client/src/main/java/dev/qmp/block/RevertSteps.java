package dev.qmp.block;

import dev.qmp.block.ImageCreation.Backing;
import dev.qmp.block.RevertDraft.Found;
import dev.qmp.block.RevertDraft.Opening;
import dev.qmp.block.RevertPlan.Entry;
import dev.qmp.job.JobId;
import dev.qmp.plan.DiskChange;
import dev.qmp.plan.Effect;
import dev.qmp.plan.Plan;
import dev.qmp.plan.Step;
import dev.qmp.plan.Step.CloseNode;
import dev.qmp.plan.Step.Send;
import dev.qmp.plan.Undo;
import dev.qmp.qapi.BlockdevOptions;
import dev.qmp.qapi.BlockdevRef;
import dev.qmp.qapi.BlockdevRefOrNull;
import dev.qmp.qapi.Cont;
import dev.qmp.qapi.JsonValue;
import dev.qmp.qapi.QomSet;
import dev.qmp.qapi.RawCommand;
import dev.qmp.qapi.Stop;
import dev.qmp.qapi.SystemReset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a revert. All that can be made beforehand is made while the guest runs; it stands still only while its
 * devices get their new root nodes and are reset.
 *
 * <p>A node that a snapshot command has made vanishes when its device leaves it (7.2 to 11.1), and could not be given back
 * if the next disk is refused: so each old root is held by a node on top of it until the guest is past the reset.
 */
final class RevertSteps {

    private final RevertRequest request;
    private final BlockGraph graph;
    private final boolean running;
    private final Set<NodeName> taken;
    private final List<Step> prepare = new ArrayList<>();
    private final List<Step> swap = new ArrayList<>();
    private final Set<String> close = new LinkedHashSet<>();
    private final List<DiskChange> changes = new ArrayList<>();
    private final List<Entry> entries = new ArrayList<>();

    RevertSteps(RevertRequest request, BlockGraph graph, boolean running) {
        this.request = request;
        this.graph = graph;
        this.running = running;
        this.taken = new HashSet<>(graph.nodes().keySet());
    }

    /** Takes a name for a node of a disk's. */
    static NodeName name(Disk disk, String what, Set<NodeName> taken) {
        NodeName name = OverlayNames.node(disk, what, taken);
        taken.add(name);
        return name;
    }

    void disk(RevertDraft draft, Found found) {
        Disk disk = draft.disk();
        found.openings().forEach(opening -> {
            taken.add(opening.fileNode());
            taken.add(opening.node());
        });
        NodeName backing = open(found);
        NodeName node = name(disk, request.name(), taken);
        prepare.addAll(new ImageCreation(
                        jobs(disk),
                        found.overlay(),
                        name(disk, request.name() + "-file", taken),
                        node,
                        "qcow2",
                        draft.active().virtualSize(),
                        new Backing(backing, draft.frozen(), draft.format()),
                        found.style())
                .steps());
        NodeName old = draft.active().node();
        NodeName hold = name(disk, "hold", taken);
        prepare.add(ImageCreation.add(
                hold,
                BlockdevOptions.Raw.builder()
                        .nodeName(hold.value())
                        .readOnly(true)
                        .file(BlockdevRef.of(old.value()))
                        .build()));
        String qomPath = String.valueOf(disk.qomPath());
        swap.add(new Send(
                drive(found.device(), node),
                new Effect.RootNode(qomPath, node.value()),
                List.of(new Undo.Command(drive(found.device(), old)))));
        close.add(hold.value());
        draft.left(found.files()).forEach(this::close);
        List<String> after = new ArrayList<>(List.of(found.overlay()));
        after.addAll(found.files());
        changes.add(new DiskChange(
                disk.name(),
                disk.backend(),
                disk.qomPath(),
                disk.layers().stream().map(Layer::file).toList(),
                after));
        entries.add(new Entry(disk, draft.frozen(), draft.format(), found.overlay(), node));
    }

    RevertPlan plan() {
        boolean runs = running && !request.keepPaused();
        List<Step> steps = new ArrayList<>(prepare);
        if (running) {
            steps.add(new Send(
                    ImageCreation.line(new Stop()),
                    new Effect.Running(false),
                    List.of(new Undo.Command(ImageCreation.line(new Cont())))));
        }
        steps.addAll(swap);
        // The guest's memory belongs to the disks that it has lost.
        steps.add(Send.of(ImageCreation.line(new SystemReset()), new Effect.PointOfNoReturn()));
        if (runs) {
            steps.add(Send.of(ImageCreation.line(new Cont()), new Effect.Running(true)));
        }
        steps.add(new Step.Verify());
        close.forEach(node -> steps.add(new CloseNode(node)));
        return new RevertPlan(
                request.name(),
                entries,
                running,
                runs,
                new Plan("revert", "snapshot " + request.name(), changes, steps));
    }

    /** Never to the node that the device has already: QEMU would abort (7.2 to 11.1). */
    private static RawCommand drive(String device, NodeName node) {
        return ImageCreation.line(new QomSet(device, "drive", JsonValue.of(node.value())));
    }

    private NodeName open(Found found) {
        @Nullable NodeName below = found.below();
        List<Opening> bottomUp = new ArrayList<>(found.openings());
        Collections.reverse(bottomUp);
        for (Opening opening : bottomUp) {
            prepare.add(ImageCreation.add(
                    opening.fileNode(),
                    BlockdevOptions.File.builder()
                            .nodeName(opening.fileNode().value())
                            .readOnly(true)
                            .cache(found.style().cache())
                            .filename(opening.file())
                            .build()));
            prepare.add(ImageCreation.add(opening.node(), image(opening, found, below)));
            below = opening.node();
        }
        if (below == null) {
            throw new IllegalStateException("nothing to put the overlay on");
        }
        return below;
    }

    private static BlockdevOptions image(Opening opening, Found found, @Nullable NodeName below) {
        BlockdevRef file = BlockdevRef.of(opening.fileNode().value());
        return opening.format().equals("raw")
                ? BlockdevOptions.Raw.builder()
                        .nodeName(opening.node().value())
                        .readOnly(true)
                        .cache(found.style().cache())
                        .file(file)
                        .build()
                : BlockdevOptions.Qcow2.builder()
                        .nodeName(opening.node().value())
                        .readOnly(true)
                        .cache(found.style().cache())
                        .file(file)
                        .backing(below == null ? new BlockdevRefOrNull.Null() : BlockdevRefOrNull.of(below.value()))
                        .build();
    }

    /** A layer's own node, then those that it reaches its data through; QEMU's own names are of nodes that it closes itself. */
    private void close(Layer layer) {
        NodeName at = layer.node();
        for (int i = 0; at != null && i < 16; i++) {
            if (!at.generated()) {
                close.add(at.value());
            }
            BlockNode node = graph.node(at);
            at = node == null ? null : node.child("file").orElse(null);
        }
    }

    static JobId jobs(Disk disk) {
        return new JobId("revert-" + disk.name().replaceAll("[^-._A-Za-z0-9]", "_"));
    }
}
