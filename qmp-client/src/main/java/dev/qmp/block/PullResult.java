package dev.qmp.block;

import dev.qmp.job.JobInfo;

/**
 * A pull that has ended well, its effect found in the graph.
 *
 * @param job the job's last state
 * @param disk the disk as it is now
 */
public record PullResult(PullPlan plan, JobInfo job, Disk disk) {}
