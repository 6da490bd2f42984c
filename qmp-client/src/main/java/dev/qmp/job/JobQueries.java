package dev.qmp.job;

import dev.qmp.QmpClient;
import dev.qmp.error.CommandFailedException;
import dev.qmp.qapi.BlockJobInfo;
import dev.qmp.qapi.QueryBlockJobs;
import dev.qmp.qapi.QueryJobs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Asks QEMU for its jobs. {@code query-jobs} has all of them and their errors, {@code query-block-jobs} says more of block
 * jobs. It is asked first, so that where a job moves on between the two, the status and the error are the newer ones.
 */
final class JobQueries {

    private final QmpClient client;

    JobQueries(QmpClient client) {
        this.client = client;
    }

    CompletableFuture<List<JobInfo>> list() {
        CompletableFuture<List<BlockJobInfo>> blockJobs =
                client.execute(new QueryBlockJobs()).exceptionallyCompose(JobQueries::noneIfRefused);
        return Futures.map(client.execute(new QueryJobs()).thenCombine(blockJobs, JobQueries::merge), List::copyOf);
    }

    CompletableFuture<Optional<JobInfo>> find(JobId id) {
        return Futures.map(
                list(), jobs -> jobs.stream().filter(job -> job.id().equals(id)).findFirst());
    }

    /** A QEMU that is built without block jobs has other jobs all the same. */
    private static CompletableFuture<List<BlockJobInfo>> noneIfRefused(Throwable failure) {
        return Futures.unwrap(failure) instanceof CommandFailedException
                ? CompletableFuture.completedFuture(List.of())
                : CompletableFuture.failedFuture(failure);
    }

    private static List<JobInfo> merge(List<dev.qmp.qapi.JobInfo> jobs, List<BlockJobInfo> blockJobs) {
        Map<String, BlockJobInfo> block = new HashMap<>();
        // The id of a block job is called "device" here.
        blockJobs.forEach(job -> block.put(job.device(), job));
        List<JobInfo> merged = new ArrayList<>();
        for (dev.qmp.qapi.JobInfo job : jobs) {
            if (!job.id().isBlank()) {
                merged.add(info(new JobId(job.id()), job, block.get(job.id())));
            }
        }
        return merged;
    }

    private static JobInfo info(JobId id, dev.qmp.qapi.JobInfo job, @Nullable BlockJobInfo block) {
        return new JobInfo(
                id,
                job.type(),
                JobStatus.of(job.status()),
                job.currentProgress(),
                job.totalProgress(),
                block == null ? 0 : block.speed(),
                block != null && block.ready(),
                block != null && block.paused(),
                block == null ? null : block.ioStatus(),
                job.error());
    }
}
