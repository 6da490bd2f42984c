package dev.qmp.job;

import dev.qmp.QmpClient;
import dev.qmp.qapi.JobCommand;
import dev.qmp.qapi.JobType;
import dev.qmp.session.CallbackThreads;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The jobs of one QEMU. Thread-safe and without state of its own; nothing here blocks.
 *
 * <p>The verbs that take an id send QEMU's command as it is, and fail with QEMU's refusal, {@code Job not found} included.
 * For a job that is a {@link Job}, use the verbs there: they know what was asked when the job ends, and forgive one that has
 * ended just now.
 */
public final class Jobs {

    private final QmpClient client;
    private final Executor callbacks;
    private final Delayer delayer;
    private final JobQueries queries;
    private final JobVerbs verbs;

    /** Jobs whose callbacks run on the library's shared callback threads. */
    public Jobs(QmpClient client) {
        this(client, CallbackThreads.shared());
    }

    /**
     * @param callbacks where futures of jobs complete and progress listeners are called; what it runs may block, so give one
     *     that has threads of its own
     */
    public Jobs(QmpClient client, Executor callbacks) {
        this(client, callbacks, Delayer.SYSTEM);
    }

    Jobs(QmpClient client, Executor callbacks, Delayer delayer) {
        this.client = client;
        this.callbacks = callbacks;
        this.delayer = delayer;
        this.queries = new JobQueries(client);
        this.verbs = new JobVerbs(client);
    }

    /** Every job that QEMU has now, whoever started it, concluded ones that nobody has dismissed among them. */
    public CompletableFuture<List<JobInfo>> list() {
        return queries.list();
    }

    /** One of {@link #list}, empty where QEMU has none of that id. */
    public CompletableFuture<Optional<JobInfo>> find(JobId id) {
        return queries.find(id);
    }

    /**
     * Starts a job by any command that can, and watches it from before its first event on. The command is
     * sent with {@code auto-dismiss: false}, so that the job's error outlives a lost connection; {@code auto-finalize} stays
     * as it is given.
     *
     * <p>Completes when QEMU has accepted the command; the job may have ended by then. Fails as the command does. After an
     * {@link dev.qmp.error.OutcomeUnknownException} the job may run or have run: {@link #adopt} tells, on this connection or
     * on the next, because a job that was started is kept until it is dismissed. Cancelling the future leaves a job that
     * starts nevertheless unwatched and undismissed.
     *
     * @throws IllegalArgumentException if the command does not say its job's id
     */
    public CompletableFuture<Job> start(JobCommand command) {
        return track(JobCommands.id(command), JobCommands.type(command)).start(command.withoutAutoDismiss());
    }

    /**
     * Watches a job that exists already, whoever started it, in whatever state; one that has concluded ends at once. The job
     * is dismissed when it has concluded. Of a job with {@code auto-dismiss: true}, which leaves no trace in QEMU, the events
     * tell the end.
     *
     * <p>Fails with a {@link dev.qmp.error.CommandFailedException} that says {@code Job not found}, as QEMU's own verbs do,
     * where there is no such job; else as the query does.
     */
    public CompletableFuture<Job> adopt(JobId id) {
        return track(id, new JobType("")).adopt();
    }

    private TrackedJob track(JobId id, JobType type) {
        return new TrackedJob(id, type, client, callbacks, delayer);
    }

    /** {@code job-pause}. */
    public CompletableFuture<Void> pause(JobId id) {
        return verbs.pause(id);
    }

    /** {@code job-resume}. */
    public CompletableFuture<Void> resume(JobId id) {
        return verbs.resume(id);
    }

    /** {@code job-cancel}: undoes the job, a READY one too. */
    public CompletableFuture<Void> cancel(JobId id) {
        return verbs.cancel(id);
    }

    /** {@code block-job-cancel}: see {@link Job#stop}. Of no such job QEMU says so with the class DeviceNotActive. */
    public CompletableFuture<Void> stop(JobId id) {
        return verbs.stop(id);
    }

    /** {@code job-complete}. */
    public CompletableFuture<Void> complete(JobId id) {
        return verbs.complete(id);
    }

    /** {@code job-finalize}. */
    public CompletableFuture<Void> finalizeJob(JobId id) {
        return verbs.finalizeJob(id);
    }

    /** {@code job-dismiss}: removes a concluded job, and its error with it. */
    public CompletableFuture<Void> dismiss(JobId id) {
        return verbs.dismiss(id);
    }

    /** {@code block-job-set-speed}, in bytes per second; 0 lifts the limit. */
    public CompletableFuture<Void> setSpeed(JobId id, long bytesPerSecond) {
        JobVerbs.checkSpeed(bytesPerSecond);
        return verbs.setSpeed(id, bytesPerSecond);
    }
}
