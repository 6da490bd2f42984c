package dev.qmp.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.QmpClient;
import dev.qmp.block.BlockGraph;
import dev.qmp.block.BlockOperations;
import dev.qmp.block.DeletePlan;
import dev.qmp.block.DeletePlan.Choice;
import dev.qmp.block.DeleteRequest;
import dev.qmp.block.DeleteRequest.How;
import dev.qmp.block.DeleteRequest.Range;
import dev.qmp.block.Disk;
import dev.qmp.block.Layer;
import dev.qmp.cli.render.Sizes;
import dev.qmp.cli.state.GuestState;
import dev.qmp.cli.state.ImageRef;
import dev.qmp.cli.state.SnapshotRecord;
import dev.qmp.cli.state.SnapshotRecord.DiskRecord;
import dev.qmp.error.UnsafeOperationException;
import dev.qmp.operation.OperationResult;
import dev.qmp.plan.Plan;
import dev.qmp.plan.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Deletes moments of a guest: shared by {@code snapshot delete} and virsh's {@code snapshot-delete}. Of the disks whose live
 * chain has the moment between two layers, those become one; the images of a branch that the guest has left are removed.
 */
final class Deletion {

    private final Subcommand command;
    private final QmpClient client;
    private final GuestState state;
    private final BlockGraph graph;
    private final Set<String> names;

    /** @param names the snapshots that are to be no more */
    Deletion(Subcommand command, QmpClient client, Set<String> names) throws InterruptedException {
        this.command = command;
        this.client = client;
        this.names = names;
        this.state = new Records(command.context(), client).read();
        this.graph = TargetCommand.await(new BlockOperations(client).graph());
        graph.requireFiles();
    }

    /** The snapshot and, where its children go as well, all that were taken on top of it; without itself for those alone. */
    static Set<String> names(GuestState state, String name, boolean itself, boolean children) {
        if (state.snapshot(name).isEmpty()) {
            throw missing(state, name);
        }
        Set<String> names = new HashSet<>(Set.of(name));
        boolean more = children;
        while (more) {
            more = names.addAll(state.snapshots().stream()
                    .filter(s -> s.parent() != null && names.contains(s.parent()))
                    .map(SnapshotRecord::name)
                    .toList());
        }
        if (!itself) {
            names.remove(name);
        }
        return names;
    }

    static LocalException missing(GuestState state, String name) {
        return new LocalException(
                "no-such-snapshot",
                "no snapshot '" + name + "' is recorded for this guest",
                state.snapshots().isEmpty()
                        ? "none is recorded at all"
                        : "recorded are "
                                + state.snapshots().stream()
                                        .map(SnapshotRecord::name)
                                        .collect(Collectors.joining(", ")),
                null);
    }

    /** @param how null for the way that moves fewer bytes */
    Prepared prepare(@Nullable How how, boolean keepFiles) throws InterruptedException {
        List<Range> ranges = new ArrayList<>();
        Set<String> left = new HashSet<>();
        for (Disk disk : graph.disks()) {
            List<String> chain = disk.layers().stream().map(Layer::file).toList();
            List<Integer> edges = new ArrayList<>();
            for (DiskRecord record : records(disk.name())) {
                int overlay = chain.indexOf(record.overlay().file());
                int base = chain.indexOf(record.base().file());
                if (overlay >= 0 && base == overlay + 1) {
                    edges.add(overlay);
                } else if (overlay < 0) {
                    checkLeaf(record);
                    left.add(record.overlay().file());
                }
            }
            range(disk, chain, edges).ifPresent(ranges::add);
        }
        Set<String> unneeded = keepFiles ? Set.of() : made();
        DeletePlan plan = TargetCommand.await(
                new BlockOperations(client).plan(new DeleteRequest(ranges, how, unneeded), subject()));
        List<Step> steps =
                new ArrayList<>(ranges.isEmpty() ? List.of() : plan.plan().steps());
        if (!keepFiles) {
            left.stream().sorted().map(Step.RemoveFile::new).forEach(steps::add);
        }
        return new Prepared(
                plan.choices(), new Plan("delete", subject(), plan.plan().disks(), steps), afterwards(plan.choices()));
    }

    /** @param plan the steps, which may be none where nothing but the records is left of the snapshots */
    record Prepared(List<Choice> choices, Plan plan, Afterwards afterwards) {}

    private String subject() {
        return "snapshot " + names.stream().sorted().collect(Collectors.joining(", "));
    }

    private List<DiskRecord> records(String disk) {
        return state.snapshots().stream()
                .filter(snapshot -> names.contains(snapshot.name()))
                .flatMap(snapshot -> snapshot.disks().stream())
                .filter(record -> record.disk().equals(disk))
                .toList();
    }

    /** The layers that become one, from the moments between them. */
    private static Optional<Range> range(Disk disk, List<String> chain, List<Integer> edges) {
        if (edges.isEmpty()) {
            return Optional.empty();
        }
        int highest = edges.stream().min(Integer::compare).orElseThrow();
        int lowest = edges.stream().max(Integer::compare).orElseThrow() + 1;
        if (lowest - highest != Set.copyOf(edges).size()) {
            throw new UnsafeOperationException(
                    "not-one-range",
                    "the moments to delete do not lie side by side in the chain of " + disk.name() + ": "
                            + disk.chainText(),
                    "delete them one after the other");
        }
        return Optional.of(new Range(disk.name(), chain.get(lowest), chain.get(highest)));
    }

    /** Images of a branch that no guest uses are not merged: only its end can go. */
    private void checkLeaf(DiskRecord record) {
        state.snapshots().stream()
                .filter(snapshot -> !names.contains(snapshot.name()))
                .filter(snapshot -> snapshot.disks().stream()
                        .anyMatch(d -> d.base().file().equals(record.overlay().file())))
                .findFirst()
                .ifPresent(child -> {
                    throw new UnsafeOperationException(
                            "snapshot-has-children",
                            "the snapshot " + child.name() + " stands on "
                                    + record.overlay().file() + ", in a branch that the guest does not use now",
                            "delete that one as well, or go back to the branch first");
                });
    }

    /** What snapshots have made: everything else was there before, and is its owner's to remove. */
    private Set<String> made() {
        return Stream.concat(
                        state.snapshots().stream().flatMap(snapshot -> snapshot.disks().stream()),
                        state.branches().stream().flatMap(branch -> branch.disks().stream()))
                .map(disk -> disk.overlay().file())
                .collect(Collectors.toSet());
    }

    private Afterwards afterwards(List<Choice> choices) {
        List<Afterwards.Rename> renames = new ArrayList<>();
        for (Choice choice : choices) {
            ImageRef now = new ImageRef(choice.into().file(), choice.into().format());
            choice.merged().forEach(layer -> renames.add(new Afterwards.Rename(layer.file(), now)));
        }
        // That a commit wrote to a frozen image is no reason to distrust it: the merge is remembered with its time.
        List<Afterwards.Merge> merges = choices.stream()
                .map(choice -> new Afterwards.Merge(
                        choice.merged().stream().map(Layer::file).toList(),
                        choice.into().file(),
                        choice.how().name().toLowerCase(Locale.ROOT)))
                .toList();
        return new Afterwards(merges, names.stream().sorted().toList(), renames, List.of());
    }

    /** Runs it; where there is nothing to do but in the records, that is done. */
    OperationResult run(PlanRun run, Prepared prepared) throws InterruptedException {
        return run.run(prepared.plan(), prepared.afterwards());
    }

    void tell(Prepared prepared, OperationResult result) {
        BlockGraph now = result.graph();
        List<Disk> disks = now == null ? List.of() : now.disks();
        List<String> touched =
                prepared.choices().stream().map(choice -> choice.disk().name()).toList();
        List<Disk> chains =
                disks.stream().filter(disk -> touched.contains(disk.name())).toList();
        if (command.json()) {
            command.print(document(prepared, result, chains));
            return;
        }
        command.console().out("deleted " + subject());
        for (Choice choice : prepared.choices()) {
            command.console()
                    .out(choice.disk().name() + ": " + Sizes.human(choice.bytes())
                            + (choice.how() == How.PULL ? " pulled up into " : " committed down into ")
                            + choice.into().file());
        }
        chains.forEach(disk -> command.console().out(disk.name() + ": " + disk.chainText()));
        result.removed().forEach(file -> command.note("note: " + file + " is removed"));
        for (Choice choice : prepared.choices()) {
            if (choice.movesActive()) {
                command.note("note: the guest writes to " + choice.into().file() + " on "
                        + choice.disk().name() + " now: start it with that file next time");
            }
            choice.merged().stream()
                    .map(Layer::file)
                    .filter(file ->
                            !result.removed().contains(file) && !result.kept().containsKey(file))
                    .forEach(
                            file -> command.note(
                                    "note: " + file
                                            + " is no longer used by this guest; its file was kept, since no snapshot has made it or --keep-files was given"));
        }
    }

    private static ObjectNode document(Prepared prepared, OperationResult result, List<Disk> chains) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        ArrayNode disks = document.putArray("disks");
        for (Choice choice : prepared.choices()) {
            ObjectNode one = disks.addObject()
                    .put("disk", choice.disk().name())
                    .put("how", choice.how().name().toLowerCase(Locale.ROOT))
                    .put("bytes", choice.bytes())
                    .put("into", choice.into().file());
            ArrayNode merged = one.putArray("merged");
            choice.merged().forEach(layer -> merged.add(layer.file()));
        }
        ArrayNode removed = document.putArray("removed");
        result.removed().forEach(removed::add);
        document.set("chain", Documents.chains(chains));
        return document;
    }
}
