package dev.qmp.cli.command;

import dev.qmp.QmpClient;
import dev.qmp.block.RevertPlan;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "snapshot-revert",
        description = "virsh's: takes the guest back to a snapshot. See also: snapshot revert")
final class SnapshotRevertDialect extends DialectCommand {

    @Option(names = "--snapshotname", paramLabel = "NAME", description = "the snapshot")
    private @Nullable String snapshot;

    @Option(names = "--running", description = "the guest runs afterwards")
    private boolean running;

    @Option(names = "--paused", description = "the guest is paused afterwards")
    private boolean paused;

    @Option(names = "--force", description = "also to an image that was written to since")
    private boolean force;

    @Option(names = "--current", hidden = true)
    private boolean current;

    @Option(names = "--reset-nvram", hidden = true)
    private boolean resetNvram;

    @Override
    public Integer call() throws Exception {
        refuse(current, "--current", "the snapshot is named here");
        refuse(resetNvram, "--reset-nvram", "the firmware's variables are no part of a disk's snapshot");
        checkRefused();
        if (running && paused) {
            throw new UsageException("--running and --paused contradict each other", "use one of them");
        }
        String target = takeDomain();
        String name = take(snapshot, "the snapshot");
        noMoreWords();
        try (Connection connection = Connection.open(root(), target)) {
            QmpClient client = connection.client();
            Revert revert = new Revert(this, client, name);
            RevertPlan plan = revert.plan(Map.of(), paused, force);
            revert.run(new PlanRun(this, client, target), plan);
        }
        say("Domain snapshot " + name + " reverted");
        return Failure.DONE;
    }
}
