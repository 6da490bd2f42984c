package dev.qmp.job;

import dev.qmp.QmpClient;
import dev.qmp.error.CommandFailedException;
import dev.qmp.qapi.BlockJobCancel;
import dev.qmp.qapi.BlockJobSetSpeed;
import dev.qmp.qapi.JobCancel;
import dev.qmp.qapi.JobComplete;
import dev.qmp.qapi.JobDismiss;
import dev.qmp.qapi.JobFinalize;
import dev.qmp.qapi.JobPause;
import dev.qmp.qapi.JobResume;
import dev.qmp.qapi.QmpCommand;
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
        return send(new JobPause(id.value()));
    }

    CompletableFuture<Void> resume(JobId id) {
        return send(new JobResume(id.value()));
    }

    CompletableFuture<Void> cancel(JobId id) {
        return send(new JobCancel(id.value()));
    }

    CompletableFuture<Void> complete(JobId id) {
        return send(new JobComplete(id.value()));
    }

    CompletableFuture<Void> finalizeJob(JobId id) {
        return send(new JobFinalize(id.value()));
    }

    CompletableFuture<Void> dismiss(JobId id) {
        return send(new JobDismiss(id.value()));
    }

    /** {@code block-job-*} call a job's id "device". */
    CompletableFuture<Void> stop(JobId id) {
        return send(new BlockJobCancel(id.value()));
    }

    CompletableFuture<Void> setSpeed(JobId id, long bytesPerSecond) {
        return send(new BlockJobSetSpeed(id.value(), bytesPerSecond));
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

    private CompletableFuture<Void> send(QmpCommand<?> command) {
        CompletableFuture<Void> accepted = new CompletableFuture<>();
        client.execute(command).whenComplete((result, failure) -> {
            if (failure == null) {
                accepted.complete(null);
            } else {
                accepted.completeExceptionally(Futures.unwrap(failure));
            }
        });
        return accepted;
    }
}
