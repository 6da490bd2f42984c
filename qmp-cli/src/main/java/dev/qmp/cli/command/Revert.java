package dev.qmp.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.QmpClient;
import dev.qmp.block.BlockGraph;
import dev.qmp.block.BlockOperations;
import dev.qmp.block.Disk;
import dev.qmp.block.RevertPlan;
import dev.qmp.block.RevertRequest;
import dev.qmp.block.RevertRequest.Target;
import dev.qmp.cli.state.BranchRecord;
import dev.qmp.cli.state.GuestState;
import dev.qmp.cli.state.ImageRef;
import dev.qmp.cli.state.SnapshotRecord;
import dev.qmp.cli.state.SnapshotRecord.DiskRecord;
import dev.qmp.operation.OperationResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Takes a guest back to a snapshot: shared by {@code snapshot revert} and virsh's {@code snapshot-revert}. */
final class Revert {

    /** QEMU writes the last of an image's own tables just after it took the snapshot. */
    private static final Duration SETTLING = Duration.ofSeconds(5);

    private final Subcommand command;
    private final QmpClient client;
    private final GuestState state;
    private final SnapshotRecord snapshot;

    Revert(Subcommand command, QmpClient client, String name) throws InterruptedException {
        this.command = command;
        this.client = client;
        this.state = new Records(command.context(), client).read();
        this.snapshot = state.snapshot(name).orElseThrow(() -> Deletion.missing(state, name));
    }

    /** @param overlays the files that the guest is to write to from then on, by disk; the others are named by themselves */
    RevertPlan plan(Map<String, String> overlays, boolean keepPaused, boolean trustImages) throws InterruptedException {
        List<Target> targets = snapshot.disks().stream()
                .map(disk -> new Target(
                        disk.disk(),
                        disk.base().file(),
                        disk.base().format(),
                        overlays.get(disk.disk()),
                        unchangedSince(disk.base().file())))
                .toList();
        return TargetCommand.await(
                new BlockOperations(client).plan(new RevertRequest(snapshot.name(), targets, keepPaused, trustImages)));
    }

    /** When an image froze: as the snapshot was taken, or as a merge that is known of wrote to it last. */
    private Instant unchangedSince(String file) {
        return Stream.concat(
                        Stream.of(snapshot.createdAt()),
                        state.merges().stream()
                                .filter(merge -> merge.into().equals(file))
                                .map(merge -> merge.at()))
                .max(Instant::compareTo)
                .orElse(snapshot.createdAt())
                .plus(SETTLING);
    }

    OperationResult run(PlanRun run, RevertPlan plan) throws InterruptedException {
        List<DiskRecord> disks = plan.disks().stream()
                .map(entry -> new DiskRecord(
                        entry.disk().name(),
                        new ImageRef(entry.frozen(), entry.format()),
                        new ImageRef(entry.overlay(), "qcow2")))
                .toList();
        BranchRecord branch =
                new BranchRecord(snapshot.name(), command.context().clock().instant(), disks);
        return run.run(plan.plan(), new Afterwards(List.of(), List.of(), List.of(), List.of(branch)));
    }

    void tell(RevertPlan plan, OperationResult result) {
        BlockGraph graph = result.graph();
        List<Disk> disks = graph == null
                ? List.of()
                : plan.disks().stream()
                        .flatMap(entry -> graph.same(entry.disk()).stream())
                        .toList();
        if (command.json()) {
            ObjectNode document = JsonNodeFactory.instance.objectNode();
            ArrayNode array = document.putArray("disks");
            plan.disks()
                    .forEach(entry -> array.addObject()
                            .put("disk", entry.disk().name())
                            .put("base", entry.frozen())
                            .put("overlay", entry.overlay()));
            document.set("chain", Documents.chains(disks));
            command.print(document);
            return;
        }
        command.console()
                .out("the guest is back at snapshot " + plan.name()
                        + (plan.runsAfterwards() ? ", reset and running" : ", reset and paused"));
        disks.forEach(disk -> command.console().out(disk.name() + ": " + disk.chainText()));
        plan.disks()
                .forEach(entry -> entry.disk()
                        .active()
                        .ifPresent(left ->
                                command.note("note: what " + entry.disk().name() + " was until now is kept in "
                                        + left.file() + "; start the guest with " + entry.overlay() + " next time")));
    }
}
