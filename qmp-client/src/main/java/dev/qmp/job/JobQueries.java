package dev.qmp.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.qmp.QmpClient;
import dev.qmp.error.CommandFailedException;
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
        CompletableFuture<JsonNode> blockJobs =
                client.execute("query-block-jobs").exceptionallyCompose(JobQueries::noneIfRefused);
        return Futures.map(client.execute("query-jobs").thenCombine(blockJobs, JobQueries::merge), List::copyOf);
    }

    CompletableFuture<Optional<JobInfo>> find(JobId id) {
        return Futures.map(
                list(), jobs -> jobs.stream().filter(job -> job.id().equals(id)).findFirst());
    }

    /** A QEMU that is built without block jobs has other jobs all the same. */
    private static CompletableFuture<JsonNode> noneIfRefused(Throwable failure) {
        return Futures.unwrap(failure) instanceof CommandFailedException
                ? CompletableFuture.completedFuture(JsonNodeFactory.instance.arrayNode())
                : CompletableFuture.failedFuture(failure);
    }

    private static List<JobInfo> merge(JsonNode jobs, JsonNode blockJobs) {
        Map<String, JsonNode> block = new HashMap<>();
        // The id of a block job is called "device" here.
        blockJobs.forEach(job -> block.put(job.path("device").asText(), job));
        List<JobInfo> merged = new ArrayList<>();
        for (JsonNode job : jobs) {
            String id = job.path("id").asText();
            if (!id.isBlank()) {
                merged.add(info(new JobId(id), job, block.getOrDefault(id, JsonNodeFactory.instance.objectNode())));
            }
        }
        return merged;
    }

    private static JobInfo info(JobId id, JsonNode job, JsonNode block) {
        return new JobInfo(
                id,
                job.path("type").asText(),
                JobStatus.of(job.path("status").asText()),
                job.path("current-progress").asLong(),
                job.path("total-progress").asLong(),
                block.path("speed").asLong(),
                block.path("ready").asBoolean(),
                block.path("paused").asBoolean(),
                text(block, "io-status"),
                text(job, "error"));
    }

    private static @Nullable String text(JsonNode node, String member) {
        JsonNode value = node.path(member);
        return value.isTextual() ? value.textValue() : null;
    }
}
