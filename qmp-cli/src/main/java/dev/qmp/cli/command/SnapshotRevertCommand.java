package dev.qmp.cli.command;

import dev.qmp.QmpClient;
import dev.qmp.block.RevertPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "revert",
        description =
                "Takes the guest back to the moment when a snapshot was taken, all its disks or none, without restarting"
                        + " QEMU: the machine is reset. What was since is kept as a branch.")
final class SnapshotRevertCommand extends TargetCommand {

    @Parameters(index = "1", paramLabel = "NAME", description = "the snapshot: `qmp snapshot tree` shows them")
    private String name;

    @Option(names = "--keep-paused", description = "leave the guest paused after its reset")
    private boolean keepPaused;

    @Option(
            names = "--disk",
            paramLabel = "DISK=FILE",
            description =
                    "the file that this disk is to write to from then on; repeatable (default: beside the old one)")
    private List<String> disks = new ArrayList<>();

    @Option(names = "--force", description = "also to an image that was written to after the snapshot was taken")
    private boolean force;

    @Option(names = "--dry-run", description = "print the QMP that would be sent, and send nothing")
    private boolean dryRun;

    @Override
    int run(QmpClient client) throws InterruptedException {
        Revert revert = new Revert(this, client, name);
        Map<String, String> overlays = new HashMap<>();
        for (String word : disks) {
            int equals = word.indexOf('=');
            if (equals < 1) {
                throw new UsageException("'" + word + "' is no DISK=FILE", "for example vda=/images/back.qcow2");
            }
            overlays.put(
                    word.substring(0, equals), Targets.file(word.substring(equals + 1), context(), client.address()));
        }
        RevertPlan plan = revert.plan(overlays, keepPaused, force);
        if (dryRun) {
            return PlanRun.dryRun(this, plan.plan());
        }
        revert.tell(plan, revert.run(new PlanRun(this, client, target), plan));
        return Failure.DONE;
    }
}
