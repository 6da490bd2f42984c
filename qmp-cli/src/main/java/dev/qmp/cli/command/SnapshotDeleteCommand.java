package dev.qmp.cli.command;

import dev.qmp.QmpClient;
import dev.qmp.block.DeleteRequest.How;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "delete",
        description =
                "Discards a snapshot while the guest runs, which keeps what it has now; the space of the image that goes"
                        + " is free.")
final class SnapshotDeleteCommand extends TargetCommand {

    @Parameters(index = "1", paramLabel = "NAME", description = "the snapshot: `qmp snapshot tree` shows them")
    private String name;

    @Option(
            names = "--how",
            paramLabel = "pull|commit",
            description = "the way the data go (default: the one that moves fewer bytes, and harms no other chain)")
    private @Nullable Way how;

    @Option(names = "--children", description = "with all snapshots that were taken on top of it")
    private boolean children;

    @Option(names = "--keep-files", description = "remove no file")
    private boolean keepFiles;

    @Option(names = "--dry-run", description = "print the QMP that would be sent, and send nothing")
    private boolean dryRun;

    private enum Way {
        pull,
        commit
    }

    @Override
    int run(QmpClient client) throws InterruptedException {
        Deletion deletion =
                new Deletion(this, client, Deletion.names(new Records(context(), client).read(), name, true, children));
        How wanted = how == null ? null : How.valueOf(how.name().toUpperCase(Locale.ROOT));
        Deletion.Prepared prepared = deletion.prepare(wanted, keepFiles);
        if (dryRun) {
            return PlanRun.dryRun(this, prepared.plan());
        }
        deletion.tell(prepared, deletion.run(new PlanRun(this, client, target), prepared));
        return Failure.DONE;
    }
}
