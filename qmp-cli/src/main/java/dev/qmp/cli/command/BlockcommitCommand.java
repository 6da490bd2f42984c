package dev.qmp.cli.command;

import dev.qmp.QmpClient;
import dev.qmp.block.BlockOperations;
import dev.qmp.block.CommitPlan;
import dev.qmp.block.CommitRequest;
import dev.qmp.block.Disk;
import dev.qmp.error.UnsafeOperationException;
import dev.qmp.operation.OperationResult;
import dev.qmp.operation.OperationResult.End;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "blockcommit", description = "virsh's: commits layers down. See also: commit")
final class BlockcommitCommand extends DialectCommand {

    @Option(names = "--path", paramLabel = "DISK", description = "the disk: its target or its file")
    private @Nullable String path;

    @Option(names = "--base", paramLabel = "FILE", description = "the layer that takes the data (default: the lowest)")
    private @Nullable String base;

    @Option(names = "--top", paramLabel = "FILE", description = "the highest layer to commit")
    private @Nullable String top;

    @Option(names = "--shallow", description = "into the layer just below the top")
    private boolean shallow;

    @Option(names = "--active", description = "the active layer is committed")
    private boolean active;

    @Option(names = "--pivot", description = "with --active: the guest goes on in the base")
    private boolean pivot;

    @Option(names = "--keep-overlay", description = "with --active: the guest stays in its overlay")
    private boolean keepOverlay;

    @Option(names = "--delete", description = "remove the files whose data went down")
    private boolean delete;

    @Option(names = "--keep-relative", description = "backing files are named relative to the overlay")
    private boolean keepRelative;

    @Option(names = "--bandwidth", paramLabel = "MIB", description = "at most so many MiB per second")
    private @Nullable String bandwidth;

    @Option(names = "--bytes", description = "the bandwidth is in bytes per second")
    private boolean bytes;

    @Option(names = "--wait", description = "until it is through")
    private boolean wait;

    @Option(names = "--verbose", description = "show the progress")
    private boolean verbose;

    @Option(names = "--async", hidden = true)
    private boolean async;

    @Override
    public Integer call() throws Exception {
        refuse(
                async,
                "--async",
                "it is about cancelling after --timeout, which is not done here: Ctrl-C leaves the job running");
        checkRefused();
        String target = takeDomain();
        String disk = take(path, "the disk");
        String speed = takeOptional(bandwidth);
        noMoreWords();
        if (pivot && keepOverlay) {
            throw new UsageException("--pivot and --keep-overlay contradict each other", "use one of them");
        }
        if (shallow && base != null) {
            throw new UsageException("--shallow names the base as well as --base does", "use one of them");
        }
        try (Connection connection = Connection.open(root(), target)) {
            return commit(connection.client(), target, disk, speed == null ? 0 : bandwidth(speed, bytes));
        }
    }

    private int commit(QmpClient client, String target, String word, long speed) throws InterruptedException {
        BlockOperations operations = new BlockOperations(client);
        String disk = word.contains("/") ? Targets.file(word, context(), client.address()) : word;
        String upper = top == null ? null : Targets.fileOrNode(top, context(), client.address());
        CommitPlan plan = TargetCommand.await(operations.plan(new CommitRequest(
                disk,
                upper,
                shallow
                        ? below(operations, disk, upper)
                        : base == null ? null : Targets.fileOrNode(base, context(), client.address()),
                keepOverlay,
                delete,
                keepRelative,
                speed,
                null,
                null)));
        if (plan.active() && !active && !pivot && !keepOverlay) {
            throw new UnsafeOperationException(
                    "commit-active",
                    "the top is the active layer " + plan.top().file() + ", and --active is missing",
                    "add --active --pivot to let the guest go on in the base, or name a lower layer with --top");
        }
        // As virsh has it: with neither --pivot nor --keep-overlay an active commit stays in its second phase.
        boolean phase = plan.active() && !pivot && !keepOverlay;
        boolean waits = wait || verbose || pivot || keepOverlay;
        Commits commits = new Commits(this, target);
        OperationResult result = commits.run(
                new PlanRun(this, client, target)
                        .leaving(!waits || phase)
                        .showing(PercentLine.maker(this, "Block commit", verbose)),
                plan);
        if (!json()) {
            say(
                    result.end() == End.LEFT_RUNNING
                            ? "Block Commit started"
                            : !plan.active()
                                    ? "Commit complete"
                                    : keepOverlay ? "Commit complete, overlay image kept" : "Successfully pivoted");
        }
        return Failure.DONE;
    }

    private static @Nullable String below(BlockOperations operations, String disk, @Nullable String top)
            throws InterruptedException {
        Disk named = TargetCommand.await(operations.graph()).disk(disk);
        int depth =
                top == null ? 0 : named.layer(top).map(layer -> layer.depth()).orElse(0);
        return depth + 1 < named.layers().size()
                ? named.layers().get(depth + 1).node().value()
                : null;
    }
}
