package dev.qmp.cli.command;

import com.fasterxml.jackson.databind.node.NullNode;
import dev.qmp.QmpClient;
import dev.qmp.block.BlockGraph;
import dev.qmp.block.BlockOperations;
import dev.qmp.block.Disk;
import dev.qmp.cli.render.Percent;
import dev.qmp.error.JobFailedException;
import dev.qmp.job.Job;
import dev.qmp.job.JobInfo;
import dev.qmp.job.JobStatus;
import dev.qmp.job.Jobs;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "blockjob", description = "virsh's: the job on a disk. See also: job")
final class BlockjobCommand extends DialectCommand {

    /** What virsh calls each type of job. */
    private static final Map<String, String> TITLES =
            Map.of("stream", "Block Pull", "commit", "Block Commit", "mirror", "Block Copy", "backup", "Backup");

    @Option(names = "--path", paramLabel = "DISK", description = "the disk: its target or its file")
    private @Nullable String path;

    @Option(names = "--info", description = "how far it is")
    private boolean info;

    @Option(names = "--raw", description = "the same for programs")
    private boolean raw;

    @Option(names = "--abort", description = "cancel it")
    private boolean abort;

    @Option(names = "--pivot", description = "let a copy or an active commit that is ready take over")
    private boolean pivot;

    @Option(names = "--bandwidth", paramLabel = "MIB", description = "at most so many MiB per second")
    private @Nullable String bandwidth;

    @Option(names = "--bytes", description = "bandwidth in bytes per second")
    private boolean bytes;

    @Option(names = "--async", description = "do not wait for the end of an abort")
    private boolean async;

    @Override
    public Integer call() throws Exception {
        String target = takeDomain();
        String disk = take(path, "the disk");
        String speed = takeOptional(bandwidth);
        noMoreWords();
        if ((info || raw) && (abort || pivot || speed != null)) {
            throw new UsageException("--info only looks, and --abort, --pivot and a bandwidth act", "use one of them");
        }
        try (Connection connection = Connection.open(root(), target)) {
            QmpClient client = connection.client();
            BlockGraph graph = TargetCommand.await(new BlockOperations(client).graph());
            Disk named = graph.disk(disk.contains("/") ? Targets.file(disk, context(), client.address()) : disk);
            JobInfo job = graph.jobOn(named).orElse(null);
            if (job == null) {
                return none(named);
            }
            if (abort || pivot) {
                return end(client, job, named);
            }
            if (speed != null) {
                TargetCommand.await(new Jobs(client).setSpeed(job.id(), bandwidth(speed, bytes)));
                return Failure.DONE;
            }
            show(job, graph);
            return Failure.DONE;
        }
    }

    private int none(Disk disk) {
        if (abort || pivot) {
            throw new LocalException("no-such-job", "no job works on the disk " + disk.name(), null, null);
        }
        if (json()) {
            print(NullNode.getInstance());
        } else {
            say("No current block job for " + disk.name());
        }
        return Failure.DONE;
    }

    private int end(QmpClient client, JobInfo job, Disk disk) throws InterruptedException {
        Job adopted = TargetCommand.await(new Jobs(client).adopt(job.id()));
        if (pivot) {
            TargetCommand.await(adopted.complete());
            TargetCommand.await(finalized(adopted));
            say("Successfully pivoted");
            return Failure.DONE;
        }
        TargetCommand.await(job.ready() ? adopted.stop() : adopted.cancel());
        if (!async) {
            try {
                TargetCommand.await(finalized(adopted));
            } catch (JobFailedException e) {
                if (!e.cancelled()) {
                    throw e;
                }
            }
            TargetCommand.await(new BlockOperations(client).closeCopies(disk));
        }
        return Failure.DONE;
    }

    /** The job's end: one that our own operations have started waits for a last word before it. */
    private static CompletableFuture<JobInfo> finalized(Job job) {
        return job.pending()
                .thenCompose(info -> info.status() == JobStatus.PENDING
                        ? job.finalizeJob()
                        : CompletableFuture.completedFuture(null))
                .thenCompose(done -> job.done());
    }

    private void show(JobInfo job, BlockGraph graph) {
        if (json()) {
            print(Documents.job(job, graph));
            return;
        }
        String title = TITLES.getOrDefault(job.type().value(), job.type().value());
        if (raw) {
            console().out(" type=" + title);
            console().out(" bandwidth=" + job.speed());
            console().out(" cur=" + job.offset());
            console().out(" end=" + job.length());
            return;
        }
        int percent = job.ready() ? 100 : Percent.of(job.offset(), job.length());
        String limit = job.speed() == 0
                ? ""
                : "    Bandwidth limit: " + job.speed() + " bytes/s ("
                        + String.format(Locale.ROOT, "%.3f", job.speed() / (double) MIB) + " MiB/s)";
        console().out(String.format(Locale.ROOT, "%s: [%3d %%]%s", title, percent, limit));
    }
}
