package dev.qmp.block;

import dev.qmp.job.Job;
import java.util.concurrent.CompletableFuture;

/**
 * A pull that QEMU has accepted.
 *
 * @param job its job: progress, pause, speed, cancel
 * @param done completes when the job has ended and the graph has been read again; fails with
 *     {@link dev.qmp.error.JobFailedException} where it failed or was cancelled, the chain then being as before, and with
 *     {@link dev.qmp.error.OutcomeUnknownException} where the connection was lost or the graph is not what it should be
 */
public record RunningPull(PullPlan plan, Job job, CompletableFuture<PullResult> done) {}
