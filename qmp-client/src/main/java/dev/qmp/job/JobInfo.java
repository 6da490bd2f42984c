package dev.qmp.job;

import dev.qmp.qapi.BlockDeviceIoStatus;
import dev.qmp.qapi.JobType;
import org.jspecify.annotations.Nullable;

/**
 * A job at one moment, from {@code query-jobs} and, for block jobs, {@code query-block-jobs}.
 *
 * @param type for example {@code stream}, {@code commit}, {@code snapshot-save}; empty while it is not known
 * @param offset work done, in units of the job's own (bytes, for block jobs)
 * @param length work in all, in the same units. It grows while a guest writes to a mirrored disk, it may be 0 for a job with
 *     nothing to do, and {@code offset == length} means neither READY nor over
 * @param speed the limit in bytes per second, 0 for none; 0 for a job that is no block job
 * @param ready whether a mirror or an active commit can be completed now
 * @param paused QEMU's flag of block jobs. Draining a disk raises it for a moment, so by itself it does not mean that
 *     somebody paused the job
 * @param ioStatus {@code ok}, or {@code failed} or {@code nospace} for a job that an I/O error has paused: it goes on with
 *     a resume. Null for a job that is no block job
 * @param error QEMU's text for a job that failed or was cancelled, else null
 */
public record JobInfo(
        JobId id,
        JobType type,
        JobStatus status,
        long offset,
        long length,
        long speed,
        boolean ready,
        boolean paused,
        @Nullable BlockDeviceIoStatus ioStatus,
        @Nullable String error) {

    /** A job of which nothing is known but that it exists. */
    static JobInfo unseen(JobId id, JobType type) {
        return new JobInfo(id, type, JobStatus.UNDEFINED, 0, 0, 0, false, false, null, null);
    }

    /** This with another status; readiness follows from it. */
    JobInfo in(JobStatus now) {
        boolean isReady = now == JobStatus.READY || now == JobStatus.STANDBY;
        return new JobInfo(id, type, now, offset, length, speed, isReady, paused, ioStatus, error);
    }

    JobInfo at(JobType newType, long newOffset, long newLength, long newSpeed) {
        return new JobInfo(id, newType, status, newOffset, newLength, newSpeed, ready, paused, ioStatus, error);
    }

    /** This as the events tell its end. */
    JobInfo concluded(@Nullable String why) {
        return new JobInfo(id, type, JobStatus.CONCLUDED, offset, length, speed, false, paused, ioStatus, why);
    }
}
