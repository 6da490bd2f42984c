package dev.qmp.block;

import dev.qmp.block.DeletePlan.Choice;
import dev.qmp.block.DeleteRequest.How;
import dev.qmp.block.DeleteRequest.Range;
import dev.qmp.block.MergeSteps.Merge;
import dev.qmp.error.UnsafeOperationException;
import dev.qmp.job.JobId;
import dev.qmp.plan.DiskChange;
import dev.qmp.plan.Plan;
import dev.qmp.plan.Step;
import dev.qmp.plan.Step.RemoveFile;
import dev.qmp.plan.Step.Verify;
import dev.qmp.qapi.BlockStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From a graph and a wish to a deletion's plan: for each disk the way that moves fewer bytes, of those that harm no other chain. */
final class DeletePlanner {

    private final BlockGraph graph;
    private final ImageUsers users;

    DeletePlanner(BlockGraph graph, ImageUsers users) {
        this.graph = graph;
        this.users = users;
    }

    DeletePlan plan(DeleteRequest request, String subject) {
        List<Choice> choices = new ArrayList<>();
        List<Merge> merges = new ArrayList<>();
        List<DiskChange> changes = new ArrayList<>();
        for (Range range : request.ranges()) {
            Disk disk = graph.disk(range.disk());
            Layer active = DiskChecks.writable(disk);
            DiskChecks.idle(graph, disk);
            DiskChecks.free(graph, disk, null);
            Layer lowest = layer(disk, range.lowest());
            Layer highest = layer(disk, range.highest());
            Choice choice = choose(disk, lowest, highest, request.how());
            if (choice.movesActive()) {
                DiskChecks.unfiltered(disk, active);
            }
            JobId id = DiskChecks.freeJobId(graph, null, "delete", disk);
            choices.add(choice);
            merges.add(
                    choice.how() == How.COMMIT
                            ? CommitPlanner.merge(
                                    graph, disk, highest, lowest, id, CommitRequest.of(disk.name(), null, null))
                            : pull(disk, lowest, highest, id));
            changes.add(MergeSteps.change(
                    disk,
                    disk.layers().stream()
                            .filter(layer -> !choice.merged().contains(layer))
                            .map(Layer::file)
                            .toList()));
        }
        List<Step> steps = new ArrayList<>(MergeSteps.of(merges));
        steps.add(new Verify());
        for (Choice choice : choices) {
            choice.merged().stream()
                    .map(Layer::file)
                    .filter(request.unneeded()::contains)
                    .forEach(file -> steps.add(new RemoveFile(file)));
        }
        return new DeletePlan(choices, new Plan("delete", subject, changes, steps));
    }

    private static Layer layer(Disk disk, String file) {
        return disk.layer(file)
                .orElseThrow(() -> new UnsafeOperationException(
                        "layer-not-in-chain",
                        "'" + file + "' is not in the chain of " + disk.name(),
                        "the chain is " + disk.chainText()));
    }

    private Choice choose(Disk disk, Layer lowest, Layer highest, @Nullable How wanted) {
        Choice pull = choice(disk, How.PULL, disk.layers().subList(highest.depth() + 1, lowest.depth() + 1), highest);
        Choice commit = choice(disk, How.COMMIT, disk.layers().subList(highest.depth(), lowest.depth()), lowest);
        Optional<String> harm = harm(commit);
        if (wanted == How.COMMIT && harm.isPresent()) {
            throw new UnsafeOperationException(
                    "image-shared",
                    "a commit into " + lowest.file() + " would damage another chain: " + harm.get(),
                    "pull instead: that leaves the lower images as they are");
        }
        if (wanted != null) {
            return wanted == How.PULL ? pull : commit;
        }
        return harm.isPresent() || pull.bytes() <= commit.bytes() ? pull : commit;
    }

    private static Choice choice(Disk disk, How how, List<Layer> merged, Layer into) {
        long bytes = merged.stream()
                .mapToLong(layer -> layer.actualSize() == null ? layer.virtualSize() : layer.actualSize())
                .sum();
        return new Choice(disk, how, bytes, merged, into);
    }

    /**
     * Who else is built on what a commit changes: the base, whose content changes under them, or a layer that leaves the chain.
     * Each layer's own overlay in this chain is no other one.
     */
    private Optional<String> harm(Choice commit) {
        Disk disk = commit.disk();
        Set<String> own = Set.copyOf(disk.layers().stream().map(Layer::file).toList());
        List<Layer> changed = new ArrayList<>(commit.merged());
        changed.add(commit.into());
        for (Layer layer : changed) {
            Optional<String> user = users.other(layer.file(), own);
            if (user.isPresent()) {
                return user;
            }
        }
        return Optional.empty();
    }

    private Merge pull(Disk disk, Layer lowest, Layer highest, JobId id) {
        Layer below = lowest.depth() + 1 < disk.layers().size() ? disk.layers().get(lowest.depth() + 1) : null;
        BlockStream command = BlockStream.builder()
                .jobId(id.value())
                .device(highest.node().value())
                .baseNode(below == null ? null : below.node().value())
                .backingFile(below == null ? null : backingName(below, highest))
                .autoFinalize(false)
                .autoDismiss(false)
                .build();
        return new Merge(id, command, disk, Optional.empty());
    }

    private @Nullable String backingName(Layer below, Layer highest) {
        BlockNode node = graph.node(below.node());
        return node == null || node.reachableFrom(Paths.folder(highest.file())) || !Paths.absolute(below.file())
                ? null
                : below.file();
    }
}
