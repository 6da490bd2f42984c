package dev.qmp.cli.command;

import dev.qmp.QmpClient;
import dev.qmp.block.BlockOperations;
import dev.qmp.block.SnapshotPlan;
import dev.qmp.block.SnapshotRequest;
import dev.qmp.block.SnapshotRequest.Existing;
import dev.qmp.block.SnapshotRequest.Target;
import dev.qmp.block.SnapshotResult;
import dev.qmp.cli.render.Table;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "create",
        description = "An external snapshot of one or more disks at one moment: of all of them, or of none.")
final class SnapshotCreateCommand extends TargetCommand {

    private static final DateTimeFormatter UTC_NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "default: the UTC time")
    private @Nullable String name;

    @Option(
            names = "--disk",
            paramLabel = "DISK[=FILE][,format=qcow2]",
            description = "this disk, with this overlay; repeatable (default: every writable disk with a medium)")
    private List<String> disks = new ArrayList<>();

    @Option(names = "--description", paramLabel = "TEXT", description = "kept with the record")
    private @Nullable String description;

    @Option(
            names = "--reuse-external",
            description = "the overlays exist, made by you; their size and backing file are checked")
    private boolean reuse;

    @Option(names = "--overwrite", description = "empty overlays that exist, if the guest does not use them")
    private boolean overwrite;

    @Option(names = "--quiesce", description = "freeze the guest's file systems meanwhile, through its agent")
    private boolean quiesce;

    @Option(names = "--agent", paramLabel = "SOCKET", description = "the guest agent's socket, for --quiesce")
    private @Nullable String agent;

    @Option(names = "--no-metadata", description = "keep no record")
    private boolean noMetadata;

    @Option(names = "--dry-run", description = "print the QMP that would be sent, and send nothing")
    private boolean dryRun;

    @Override
    int run(QmpClient client) throws InterruptedException {
        if (reuse && overwrite) {
            throw new UsageException("--reuse-external and --overwrite contradict each other", "use one of them");
        }
        if (quiesce != (agent != null)) {
            throw new UsageException(
                    quiesce ? "--quiesce needs the guest agent's socket" : "--agent is for --quiesce",
                    "use both: --quiesce --agent SOCKET");
        }
        String called = name == null ? UTC_NAME.format(context().clock().instant()) : name;
        Existing existing = reuse ? Existing.REUSE : overwrite ? Existing.OVERWRITE : Existing.REFUSE;
        List<Target> targets = disks.stream()
                .map(disk -> DiskWord.parse(disk, context(), client.address()))
                .toList();
        SnapshotRequest request = new SnapshotRequest(called, targets, existing);
        BlockOperations operations = new BlockOperations(client);
        Snapshots snapshots = new Snapshots(this, client, operations);
        SnapshotPlan plan = snapshots.plan(request, noMetadata);
        if (dryRun) {
            return printPlan(plan.commands());
        }
        SnapshotResult result = snapshots.take(plan, description, noMetadata, agent);
        if (json()) {
            print(Documents.snapshot(result));
            return Failure.DONE;
        }
        Table table = new Table("DISK", "BASE", "OVERLAY");
        result.plan()
                .disks()
                .forEach(entry -> table.row(entry.disk().name(), entry.base().file(), entry.overlay()));
        note("snapshot " + called + " taken");
        console().table(table);
        return Failure.DONE;
    }
}
