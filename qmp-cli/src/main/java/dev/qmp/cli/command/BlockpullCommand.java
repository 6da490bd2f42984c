package dev.qmp.cli.command;

import dev.qmp.QmpClient;
import dev.qmp.block.BlockOperations;
import dev.qmp.block.PullPlan;
import dev.qmp.block.PullRequest;
import dev.qmp.block.RunningPull;
import dev.qmp.cli.render.Percent;
import dev.qmp.job.ProgressSubscription;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "blockpull", description = "virsh's: pulls data into the active layer. See also: pull")
final class BlockpullCommand extends DialectCommand {

    @Option(names = "--path", paramLabel = "DISK", description = "the disk: its target or its file")
    private @Nullable String path;

    @Option(names = "--base", paramLabel = "FILE", description = "the layer that stays below")
    private @Nullable String base;

    @Option(names = "--bandwidth", paramLabel = "MIB", description = "at most so many MiB per second")
    private @Nullable String bandwidth;

    @Option(names = "--bytes", description = "the bandwidth is in bytes per second")
    private boolean bytes;

    @Option(names = "--wait", description = "until it is through")
    private boolean wait;

    @Option(names = "--verbose", description = "with --wait: show the progress")
    private boolean verbose;

    @Option(names = "--async", hidden = true)
    private boolean async;

    @Option(names = "--keep-relative", hidden = true)
    private boolean keepRelative;

    @Override
    public Integer call() throws Exception {
        refuse(
                async,
                "--async",
                "it is about cancelling after --timeout, which is not done here: Ctrl-C leaves the job running");
        refuse(keepRelative, "--keep-relative", "the header keeps what QEMU writes into it");
        checkRefused();
        String target = takeDomain();
        String disk = take(path, "the disk");
        String speed = takeOptional(bandwidth);
        noMoreWords();
        try (Connection connection = Connection.open(root(), target)) {
            return pull(connection.client(), target, disk, speed == null ? 0 : bandwidth(speed, bytes));
        }
    }

    @SuppressWarnings("try")
    private int pull(QmpClient client, String target, String disk, long speed) throws InterruptedException {
        BlockOperations operations = new BlockOperations(client);
        String layer = base == null ? null : Targets.fileOrNode(base, context(), client.address());
        PullPlan plan = TargetCommand.await(operations.plan(new PullRequest(
                disk.contains("/") ? Targets.file(disk, context(), client.address()) : disk,
                layer,
                speed,
                null,
                null)));
        Pulls pulls = new Pulls(this, client, operations, target);
        if (json() || !(wait || verbose)) {
            if (json()) {
                return pulls.run(plan, !wait, false);
            }
            RunningPull started = pulls.start(plan);
            say("Block Pull started");
            note("note: the job is " + started.job().id() + "; see it with `qmp blockjob " + target + " " + disk
                    + " --info`");
            return Failure.DONE;
        }
        try (Interrupts interrupts = Interrupts.starting(this, plan.jobId(), target, false)) {
            RunningPull pull = pulls.start(plan);
            interrupts.started(pull.job());
            try (ProgressSubscription shown =
                    pull.job().onProgress(info -> progress(Percent.of(info.offset(), info.length())))) {
                pulls.await(plan, pull);
            }
        }
        pulls.remember(plan);
        progress(100);
        if (verbose && !options().quiet) {
            console().keepProgress();
        }
        say("Pull complete");
        return Failure.DONE;
    }

    /** As virsh shows it on a terminal; in a pipe the end alone, since a line cannot be rewritten there. */
    private void progress(int percent) {
        if (!verbose || options().quiet) {
            return;
        }
        String line = String.format(Locale.ROOT, "Block Pull: [%3d %%]", percent);
        if (console().errTerminal()) {
            console().progress(line);
        } else if (percent == 100) {
            console().err(line);
        }
    }
}
