package dev.qmp.cli.command;

import dev.qmp.QmpClient;
import dev.qmp.block.BlockOperations;
import dev.qmp.block.CommitPlan;
import dev.qmp.block.CommitRequest;
import dev.qmp.job.JobId;
import dev.qmp.operation.OperationResult;
import dev.qmp.operation.OperationResult.End;
import dev.qmp.qapi.BlockdevOnError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "commit",
        description =
                "Writes the data of layers down into a lower one while the guest runs; without --top the active layer,"
                        + " and the guest goes on in the base.")
final class CommitCommand extends TargetCommand {

    @Parameters(index = "1", paramLabel = "DISK", description = "which disk: `qmp disks` lists them")
    private String disk;

    @Option(
            names = "--top",
            paramLabel = "FILE|NODE",
            description = "the highest layer to commit (default: the active one)")
    private @Nullable String top;

    @Option(
            names = "--base",
            paramLabel = "FILE|NODE",
            description = "the layer that takes the data (default: the lowest)")
    private @Nullable String base;

    @Option(
            names = "--keep-overlay",
            description = "the guest stays in its overlay, and the base is what the disk was at that moment")
    private boolean keepOverlay;

    @Option(names = "--delete", description = "remove the files whose data went down, if nothing uses them any more")
    private boolean delete;

    @Option(names = "--keep-relative", description = "the header above names the base relative to its own folder")
    private boolean keepRelative;

    @Option(names = "--speed", paramLabel = "SIZE", description = "at most so many bytes per second")
    private Converters.@Nullable Size speed;

    @Option(names = "--job-id", paramLabel = "ID", description = "default: commit-DISK, so that it can be found again")
    private @Nullable String jobId;

    @Option(
            names = "--on-error",
            paramLabel = "report|stop|ignore|enospc",
            description = "what QEMU does at an I/O error (default: report, the job fails)")
    private @Nullable OnError onError;

    @Option(names = "--no-wait", description = "print the job's id and leave; `qmp operations resume` finishes it")
    private boolean noWait;

    @Option(names = "--cancel-on-interrupt", description = "Ctrl-C cancels the job instead of leaving it running")
    private boolean cancelOnInterrupt;

    @Option(names = "--dry-run", description = "print the QMP that would be sent, and send nothing")
    private boolean dryRun;

    @Override
    int run(QmpClient client) throws InterruptedException {
        if (keepOverlay && delete) {
            throw new UsageException("--keep-overlay and --delete contradict each other", "use one of them");
        }
        CommitRequest request = new CommitRequest(
                disk,
                layer(top, client),
                layer(base, client),
                keepOverlay,
                delete,
                keepRelative,
                speed == null ? 0 : speed.bytes(),
                jobId == null ? null : new JobId(jobId),
                onError == null ? null : new BlockdevOnError(onError.name()));
        CommitPlan plan = await(new BlockOperations(client).plan(request));
        if (dryRun) {
            return PlanRun.dryRun(this, plan.plan());
        }
        Commits commits = new Commits(this, target);
        OperationResult result =
                commits.run(new PlanRun(this, client, target).leaving(noWait).cancelling(cancelOnInterrupt), plan);
        if (!json() && result.end() == End.DONE) {
            commits.tell(plan, result);
        }
        return Failure.DONE;
    }

    private @Nullable String layer(@Nullable String word, QmpClient client) {
        return word == null ? null : Targets.fileOrNode(word, context(), client.address());
    }
}
