package dev.qmp.error;

import org.jspecify.annotations.Nullable;

/** A job of QEMU's ended otherwise than by success. The graph is as it was before the job, unless the message says more. */
public final class JobFailedException extends QmpException {

    private final String jobId;
    private final String type;
    private final String error;
    private final boolean cancelled;

    public JobFailedException(String jobId, String type, String error, boolean cancelled, @Nullable String hint) {
        super(
                "job " + jobId + " (" + type + ") " + (cancelled ? "was cancelled" : "failed") + ": " + error,
                hint,
                null);
        this.jobId = jobId;
        this.type = type;
        this.error = error;
        this.cancelled = cancelled;
    }

    public String jobId() {
        return jobId;
    }

    /** The job's type, for example {@code stream}. */
    public String type() {
        return type;
    }

    /** QEMU's own text, as {@code query-jobs} or {@code BLOCK_JOB_COMPLETED} gave it. */
    public String error() {
        return error;
    }

    /** Whether somebody cancelled the job, here or on another monitor. */
    public boolean cancelled() {
        return cancelled;
    }
}
