package dev.qmp.block;

import dev.qmp.block.MergeSteps.Merge;
import dev.qmp.error.UnsafeOperationException;
import dev.qmp.job.JobId;
import dev.qmp.plan.Plan;
import dev.qmp.plan.Step;
import dev.qmp.plan.Step.Ending;
import dev.qmp.plan.Step.RemoveFile;
import dev.qmp.plan.Step.Verify;
import dev.qmp.qapi.BlockCommit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From a graph and a wish to a commit's plan. */
final class CommitPlanner {

    private final BlockGraph graph;
    private final ImageUsers users;

    CommitPlanner(BlockGraph graph, ImageUsers users) {
        this.graph = graph;
        this.users = users;
    }

    CommitPlan plan(CommitRequest request) {
        Disk disk = graph.disk(request.disk());
        Layer active = DiskChecks.writable(disk);
        DiskChecks.idle(graph, disk);
        DiskChecks.free(graph, disk, null);
        Layer top = request.top() == null ? active : layer(disk, "top", request.top());
        Layer base = request.base() == null
                ? disk.layers().get(disk.layers().size() - 1)
                : layer(disk, "base", request.base());
        checkOrder(disk, top, base);
        checkShared(disk, base);
        if (top.active()) {
            DiskChecks.unfiltered(disk, active);
        } else if (request.keepOverlay()) {
            throw new UnsafeOperationException(
                    "top-not-active",
                    "'" + request.top() + "' is not the active layer of " + disk.name()
                            + ": the guest is not in it, so there is nothing to keep it in",
                    "leave the keeping out, or commit the active layer");
        }
        JobId id = DiskChecks.freeJobId(graph, request.jobId(), "commit", disk);
        Merge merge = merge(graph, disk, top, base, id, request);
        List<String> after = after(disk, top, base, request.keepOverlay());
        List<Step> steps = new ArrayList<>(MergeSteps.of(List.of(merge)));
        steps.add(new Verify());
        if (request.delete()) {
            disk.layers().subList(top.depth(), base.depth()).forEach(layer -> steps.add(new RemoveFile(layer.file())));
        }
        return new CommitPlan(
                disk, top, base, id, new Plan("commit", disk.name(), List.of(MergeSteps.change(disk, after)), steps));
    }

    private static Layer layer(Disk disk, String role, String wanted) {
        return disk.layer(wanted)
                .orElseThrow(() -> new UnsafeOperationException(
                        role + "-not-in-chain",
                        "'" + wanted + "' is not in the chain of " + disk.name(),
                        "the chain is " + disk.chainText() + "; name one of these files, or a node name"));
    }

    private static void checkOrder(Disk disk, Layer top, Layer base) {
        if (disk.layers().size() == 1) {
            throw new UnsafeOperationException(
                    "nothing-to-commit",
                    "the disk " + disk.name() + " has one layer, " + top.file()
                            + ": there is nothing below to commit into",
                    "take a snapshot first, if it is to have two");
        }
        if (base.depth() <= top.depth()) {
            throw new UnsafeOperationException(
                    "base-not-below-top",
                    "the base " + base.file() + " is not below the top " + top.file(),
                    "data are committed downwards: the chain is " + disk.chainText());
        }
    }

    /** What is written into the base shows through in every other overlay of it. */
    private void checkShared(Disk disk, Layer base) {
        Set<String> own = Set.copyOf(disk.layers().stream().map(Layer::file).toList());
        users.other(base.file(), own).ifPresent(user -> {
            throw new UnsafeOperationException(
                    "image-shared",
                    "a commit into " + base.file() + " would change another chain: " + user,
                    "if nobody needs that one any more, remove it; else commit into a layer that this guest alone uses, or pull");
        });
    }

    /** The job that writes the layers from {@code top} down to {@code base} into the base. */
    static Merge merge(BlockGraph graph, Disk disk, Layer top, Layer base, JobId id, CommitRequest request) {
        Layer active = disk.layers().get(0);
        NodeName root = disk.rootNode() == null ? active.node() : disk.rootNode();
        BlockCommit command = BlockCommit.builder()
                .jobId(id.value())
                .device(root.value())
                .topNode(top.node().value())
                .baseNode(base.node().value())
                .backingFile(top.active() ? null : backingName(graph, disk, top, base, request.keepRelative()))
                .speed(request.speed() == 0 ? null : request.speed())
                .onError(request.onError())
                .autoFinalize(false)
                .autoDismiss(false)
                .build();
        return new Merge(
                id,
                command,
                disk,
                top.active() ? Optional.of(request.keepOverlay() ? Ending.STOP : Ending.COMPLETE) : Optional.empty());
    }

    /** What the header of the layer above the top is to name from now on; null leaves it to QEMU. */
    private static @Nullable String backingName(
            BlockGraph graph, Disk disk, Layer top, Layer base, boolean keepRelative) {
        Layer above = disk.layers().get(top.depth() - 1);
        String folder = Paths.folder(above.file());
        if (keepRelative) {
            return Paths.relative(folder, base.file());
        }
        BlockNode node = graph.node(base.node());
        return node == null || node.reachableFrom(folder) || !Paths.absolute(base.file()) ? null : base.file();
    }

    private static List<String> after(Disk disk, Layer top, Layer base, boolean keepOverlay) {
        List<String> after = new ArrayList<>();
        for (Layer layer : disk.layers()) {
            if (keepOverlay || layer.depth() < top.depth() || layer.depth() >= base.depth()) {
                after.add(layer.file());
            }
        }
        return after;
    }
}
