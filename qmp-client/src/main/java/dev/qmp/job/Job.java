package dev.qmp.job;

import dev.qmp.qapi.JobType;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A job in QEMU that this client watches until its end, and then dismisses. Thread-safe; nothing here blocks.
 *
 * <p>Every future and listener runs on the callback executor of the {@link Jobs} that made this, each on a task of its own:
 * a callback may wait for another one. Cancelling a future, or completing it by hand, affects neither the job nor the
 * futures of others. Losing the job object, or closing the client, leaves the job running in QEMU.
 *
 * <p>Verbs fail with {@link dev.qmp.error.CommandFailedException} where QEMU refuses them, and otherwise as
 * {@link dev.qmp.QmpClient#execute(String, com.fasterxml.jackson.databind.node.ObjectNode)} does. Those that lead to the end
 * ({@link #cancel}, {@link #stop}, {@link #complete}, {@link #finalizeJob}) succeed without effect on a job that has ended
 * meanwhile: {@link #done} says how. No verb reaches a later job of the same id. The states in which QEMU takes each verb
 * are in "QEMU Storage Daemon QMP Reference Manual", section "Background jobs".
 */
public interface Job {

    JobId id();

    /** QAPI's {@code JobType}, for example {@code mirror}. */
    JobType type();

    /**
     * The latest known status. {@link JobStatus#PAUSED} and {@link JobStatus#RUNNING} may alternate for moments without
     * anybody's doing, whenever QEMU drains the disk.
     */
    JobStatus status();

    /** The latest known values. Without a progress listener they are as old as the last event or query. */
    JobInfo info();

    /**
     * Completes with the last values when the job has succeeded. Fails with
     *
     * <ul>
     *   <li>{@link dev.qmp.error.JobFailedException} when it failed or was cancelled, with QEMU's error;
     *   <li>{@link dev.qmp.error.OutcomeUnknownException} of the reason {@code CONNECTION_LOST} when the session ended first:
     *       the job goes on in QEMU, and {@link Jobs#adopt} on a new session finds it;
     *   <li>{@link dev.qmp.error.OutcomeUnknownException} of the reason {@code VANISHED} when the job is gone and neither
     *       events nor queries told its end: look at the graph.
     * </ul>
     *
     * <p>It completes after the dismissal, so that the id is free again.
     */
    CompletableFuture<JobInfo> done();

    /** How the job succeeded; empty before {@link #done} completes, and for a job that did not succeed. */
    Optional<JobOutcome> outcome();

    /**
     * Completes when the job is READY, which only a mirror or an active commit becomes; READY may come and go after that.
     * When the job ends without, completes or fails as {@link #done} does: then {@link JobInfo#ready} is false.
     */
    CompletableFuture<JobInfo> ready();

    /**
     * Completes when a job that was started with {@code auto-finalize: false} waits for {@link #finalizeJob}. When a job
     * ends without, completes or fails as {@link #done} does: then {@link JobInfo#status} is not {@code PENDING}.
     */
    CompletableFuture<JobInfo> pending();

    /**
     * Tells the job's values now, when they have changed, and at the end if they are known. While there is a listener, QEMU
     * is asked at intervals that grow from 250 ms to 2 s, and at once when an I/O error pauses the job. A listener is called
     * for one value at a time; a slow one skips to the newest. One that throws is not called again.
     */
    ProgressSubscription onProgress(Consumer<JobInfo> listener);

    /** {@code job-pause}. */
    CompletableFuture<Void> pause();

    /** {@code job-resume}; also what makes a job go on that an I/O error has paused. */
    CompletableFuture<Void> resume();

    /** {@code job-cancel}: undoes the job, a READY one too, whose copy is then not to be trusted. */
    CompletableFuture<Void> cancel();

    /**
     * {@code block-job-cancel}: ends a READY mirror or active commit as a success, with a consistent copy and without pivot
     * ({@link JobOutcome#STOPPED}). Any other block job, and a mirror that is not READY yet or no more, is cancelled. QEMU
     * refuses it while an I/O error pauses the job.
     */
    CompletableFuture<Void> stop();

    /** {@code job-complete}: makes a READY mirror or active commit pivot. Completes when QEMU has accepted, not at the end. */
    CompletableFuture<Void> complete();

    /** {@code job-finalize}: lets a pending job change the graph. */
    CompletableFuture<Void> finalizeJob();

    /** {@code block-job-set-speed}, in bytes per second; 0 lifts the limit. */
    CompletableFuture<Void> setSpeed(long bytesPerSecond);
}
