package dev.qmp.cli.command;

import dev.qmp.QmpClient;
import dev.qmp.block.BlockGraph;
import dev.qmp.block.BlockOperations;
import dev.qmp.block.DeviceKind;
import dev.qmp.block.Disk;
import dev.qmp.block.SnapshotPlan;
import dev.qmp.block.SnapshotRequest;
import dev.qmp.block.SnapshotRequest.Existing;
import dev.qmp.block.SnapshotRequest.Target;
import dev.qmp.block.SnapshotResult;
import dev.qmp.transport.QmpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "snapshot-create-as",
        description = "virsh's: an external snapshot of the disks. See also: snapshot create")
final class SnapshotCreateAsCommand extends DialectCommand {

    @Option(names = "--name", paramLabel = "NAME")
    private @Nullable String name;

    @Option(names = "--description", paramLabel = "TEXT")
    private @Nullable String description;

    @Option(names = "--diskspec", paramLabel = "DISK[,snapshot=no|external][,driver=qcow2][,file=FILE]")
    private List<String> diskspecs = new ArrayList<>();

    @Option(names = "--disk-only", description = "no memory; the only kind here")
    private boolean diskOnly;

    @Option(names = "--atomic", description = "all disks or none, which is always so")
    void atomic(boolean given) {
        // A transaction is all or none, whether it is asked for or not.
    }

    @Option(names = "--no-metadata")
    private boolean noMetadata;

    @Option(names = "--reuse-external")
    private boolean reuseExternal;

    @Option(names = "--quiesce", hidden = true)
    private boolean quiesce;

    @Option(names = "--print-xml", hidden = true)
    private boolean printXml;

    @Option(names = "--halt", hidden = true)
    private boolean halt;

    @Option(names = "--live", hidden = true)
    private boolean live;

    @Option(names = "--validate", hidden = true)
    private boolean validate;

    @Option(names = "--memspec", hidden = true)
    private @Nullable String memspec;

    @Override
    public Integer call() throws Exception {
        refuse(
                quiesce,
                "--quiesce",
                "no libvirt holds the guest agent's socket; use `qmp snapshot create --quiesce --agent" + " SOCKET`");
        refuse(printXml, "--print-xml", "there is no XML here; `qmp snapshot create --dry-run` prints the QMP");
        refuse(halt, "--halt", "the guest stays running; `qmp exec TARGET stop` halts it");
        refuse(live, "--live", "it is about the guest's memory, which is not kept");
        refuse(validate, "--validate", "there is no XML here to validate");
        refuse(memspec != null, "--memspec", "the guest's memory is not kept; take the disks alone with --disk-only");
        checkRefused();
        String target = takeDomain();
        String called = takeOptional(name);
        String told = takeOptional(description);
        noMoreWords();
        if (!diskOnly) {
            throw new UsageException(
                    "without --disk-only virsh keeps the guest's memory as well, which is not done here",
                    "add --disk-only");
        }
        try (Connection connection = Connection.open(root(), target)) {
            take(connection.client(), called == null ? epoch() : called, told);
        }
        return Failure.DONE;
    }

    /** virsh names a snapshot by the seconds since 1970 when nobody else does. */
    private String epoch() {
        return Long.toString(context().clock().instant().getEpochSecond());
    }

    private void take(QmpClient client, String called, @Nullable String told) throws InterruptedException {
        BlockOperations operations = new BlockOperations(client);
        Snapshots snapshots = new Snapshots(this, client, operations);
        List<Target> targets = targets(TargetCommand.await(operations.graph()), client.address());
        SnapshotPlan plan = snapshots.plan(
                new SnapshotRequest(called, targets, reuseExternal ? Existing.REUSE : Existing.REFUSE), noMetadata);
        SnapshotResult result = snapshots.take(plan, told, noMetadata, null);
        if (json()) {
            print(Documents.snapshot(result));
        } else {
            say("Domain snapshot " + called + " created");
        }
    }

    /** As in virsh, a disk that no diskspec names is snapshotted too; only snapshot=no leaves one out. */
    private List<Target> targets(BlockGraph graph, QmpAddress qemu) {
        Map<Disk, @Nullable String> files = new LinkedHashMap<>();
        for (Disk disk : graph.disks()) {
            if (disk.inserted() && !disk.readOnly() && disk.kind() == DeviceKind.DISK) {
                files.put(disk, null);
            }
        }
        for (String word : diskspecs) {
            Diskspec spec = Diskspec.parse(word);
            Disk disk = graph.disk(spec.disk());
            if (spec.included()) {
                files.put(disk, spec.file() == null ? null : Targets.file(spec.file(), context(), qemu));
            } else {
                files.remove(disk);
            }
        }
        if (files.isEmpty()) {
            throw new UsageException("every disk is left out", "name at least one to take");
        }
        List<Target> targets = new ArrayList<>();
        files.forEach((disk, file) -> targets.add(new Target(disk.name(), file)));
        return targets;
    }
}
