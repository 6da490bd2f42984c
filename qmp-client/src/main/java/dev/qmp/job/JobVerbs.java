package dev.qmp.job;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.QmpClient;
import dev.qmp.error.CommandFailedException;
import java.util.concurrent.CompletableFuture;

/**
 * The verbs of jobs by id, as QEMU has them. {@code job-*} exist in every version from 7.2 on; their {@code block-job-*}
 * twins are deprecated in 11.1, but for the speed and for the cancel that is graceful on READY, which have no twin.
 */
final class JobVerbs {

    private final QmpClient client;

    JobVerbs(QmpClient client) {
        this.client = client;
    }

    CompletableFuture<Void> pause(JobId id) {
        return send("job-pause", byId(id));
    }

    CompletableFuture<Void> resume(JobId id) {
        return send("job-resume", byId(id));
    }

    CompletableFuture<Void> cancel(JobId id) {
        return send("job-cancel", byId(id));
    }

    CompletableFuture<Void> complete(JobId id) {
        return send("job-complete", byId(id));
    }

    CompletableFuture<Void> finalizeJob(JobId id) {
        return send("job-finalize", byId(id));
    }

    CompletableFuture<Void> dismiss(JobId id) {
        return send("job-dismiss", byId(id));
    }

    CompletableFuture<Void> stop(JobId id) {
        return send("block-job-cancel", byDevice(id));
    }

    CompletableFuture<Void> setSpeed(JobId id, long bytesPerSecond) {
        return send("block-job-set-speed", byDevice(id).put("speed", bytesPerSecond));
    }

    static void checkSpeed(long bytesPerSecond) {
        if (bytesPerSecond < 0) {
            throw new IllegalArgumentException("a speed is not negative: " + bytesPerSecond);
        }
    }

    /** What QEMU answers to {@code job-*} verbs for an id that it has no job of. */
    static CommandFailedException notFound(String command, JobId id) {
        return new CommandFailedException(command, "GenericError", "Job not found")
                .withHint("QEMU has no job " + id + ": it has ended and was dismissed, or it never was; "
                        + "what it did shows in the block graph");
    }

    private CompletableFuture<Void> send(String command, ObjectNode arguments) {
        CompletableFuture<Void> accepted = new CompletableFuture<>();
        client.execute(command, arguments).whenComplete((result, failure) -> {
            if (failure == null) {
                accepted.complete(null);
            } else {
                accepted.completeExceptionally(Futures.unwrap(failure));
            }
        });
        return accepted;
    }

    private static ObjectNode byId(JobId id) {
        return JsonNodeFactory.instance.objectNode().put("id", id.value());
    }

    /** {@code block-job-*} call a job's id "device". */
    private static ObjectNode byDevice(JobId id) {
        return JsonNodeFactory.instance.objectNode().put("device", id.value());
    }
}
