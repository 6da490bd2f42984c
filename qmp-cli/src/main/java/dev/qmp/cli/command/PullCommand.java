package dev.qmp.cli.command;

import dev.qmp.QmpClient;
import dev.qmp.block.BlockOperations;
import dev.qmp.block.PullPlan;
import dev.qmp.block.PullRequest;
import dev.qmp.job.JobId;
import dev.qmp.qapi.BlockdevOnError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "pull",
        description = "Moves the data of lower layers into the active one while the guest runs: all of it, or down to a"
                + " base.")
final class PullCommand extends TargetCommand {

    @Parameters(index = "1", paramLabel = "DISK", description = "which disk: `qmp disks` lists them")
    private String disk;

    @Option(names = "--base", paramLabel = "FILE|NODE", description = "the layer that stays below the active one")
    private @Nullable String base;

    @Option(names = "--speed", paramLabel = "SIZE", description = "at most so many bytes per second")
    private Converters.@Nullable Size speed;

    @Option(names = "--job-id", paramLabel = "ID", description = "default: pull-DISK, so that it can be found again")
    private @Nullable String jobId;

    @Option(
            names = "--on-error",
            paramLabel = "report|stop|ignore|enospc",
            description = "what QEMU does at an I/O error (default: report, the job fails)")
    private @Nullable OnError onError;

    @Option(names = "--no-wait", description = "print the job's id and leave")
    private boolean noWait;

    @Option(names = "--cancel-on-interrupt", description = "Ctrl-C cancels the job instead of leaving it running")
    private boolean cancelOnInterrupt;

    @Option(names = "--dry-run", description = "print the QMP that would be sent, and send nothing")
    private boolean dryRun;

    @Override
    int run(QmpClient client) throws InterruptedException {
        BlockOperations operations = new BlockOperations(client);
        PullRequest request = new PullRequest(
                disk,
                base == null ? null : Targets.fileOrNode(base, context(), client.address()),
                speed == null ? 0 : speed.bytes(),
                jobId == null ? null : new JobId(jobId),
                onError == null ? null : new BlockdevOnError(onError.name()));
        PullPlan plan = await(operations.plan(request));
        if (dryRun) {
            return printPlan(plan.commands());
        }
        return new Pulls(this, client, operations, target).run(plan, noWait, cancelOnInterrupt);
    }
}
