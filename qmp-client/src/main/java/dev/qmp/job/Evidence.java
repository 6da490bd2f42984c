package dev.qmp.job;

import dev.qmp.qapi.BlockErrorAction;
import dev.qmp.qapi.BlockJobCancelled;
import dev.qmp.qapi.BlockJobCompleted;
import dev.qmp.qapi.BlockJobError;
import dev.qmp.qapi.BlockJobPending;
import dev.qmp.qapi.BlockJobReady;
import dev.qmp.qapi.JobStatusChange;
import dev.qmp.qapi.QmpEvent;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the events of a job have told of its end: the judge where {@code query-jobs} finds nothing any more. Confined to
 * the mailbox.
 */
final class Evidence {

    /** What {@code strerror(ECANCELED)} says: QEMU's error of a cancelled job, in every version. */
    static final String CANCELED = "Operation canceled";

    /** How a job ended; {@code error} is null for a success. */
    record Verdict(@Nullable String error, boolean cancelled) {}

    private boolean gaps;
    private boolean created;
    private boolean stopped;
    private boolean ready;
    private boolean pending;
    private boolean aborting;
    private boolean cancelled;
    private boolean completed;
    private boolean concluded;
    private boolean gone;
    private @Nullable String error;

    /** Takes an event of the job into account. */
    void hear(QmpEvent event) {
        if (event instanceof JobStatusChange change) {
            status(JobStatus.of(change.status()));
        } else if (event instanceof BlockJobCancelled) {
            cancelled = true;
        } else if (event instanceof BlockJobCompleted end) {
            // On failure the event has the same name, and a member "error".
            completed = true;
            error = end.error();
        } else if (event instanceof BlockJobReady) {
            ready = true;
        } else if (event instanceof BlockJobPending) {
            pending = true;
        } else if (event instanceof BlockJobError failed) {
            stopped = failed.action().equals(BlockErrorAction.STOP);
        }
    }

    private void status(JobStatus status) {
        switch (status) {
            case CREATED -> {
                forget();
                created = true;
            }
            case RUNNING, READY -> stopped = false;
            case ABORTING -> aborting = true;
            case CONCLUDED -> concluded = true;
            case NULL -> gone = true;
            default -> {}
        }
    }

    /** An id is free again after a job: what was heard before "created" belongs to an earlier one. */
    private void forget() {
        stopped = false;
        ready = false;
        pending = false;
        aborting = false;
        cancelled = false;
        completed = false;
        concluded = false;
        gone = false;
        error = null;
    }

    /** A query has found the job aborting, perhaps since before we listened. */
    void foundAborting() {
        aborting = true;
    }

    /** Events were lost: what was not heard may have been said. */
    void gap() {
        gaps = true;
    }

    /** Whether the job's beginning was heard: a second one is another job's. */
    boolean created() {
        return created;
    }

    boolean ready() {
        return ready;
    }

    boolean pending() {
        return pending;
    }

    /** Whether an I/O error stops the job, which is at rest as soon as it is paused. */
    boolean stopped() {
        return stopped;
    }

    /** Whether the job was heard to be concluded or gone. */
    boolean over() {
        return concluded || gone;
    }

    boolean gone() {
        return gone;
    }

    /** How the job ended, where that can be said from events alone. */
    Optional<Verdict> verdict() {
        if (cancelled) {
            return Optional.of(new Verdict(CANCELED, true));
        }
        if (completed) {
            return Optional.of(new Verdict(error, false));
        }
        // Jobs that are no block jobs have status events only.
        if (aborting && over()) {
            return Optional.of(new Verdict("it was aborted, and its error text went with it", false));
        }
        return concluded && !gaps ? Optional.of(new Verdict(null, false)) : Optional.empty();
    }

    /** How a job ended that a query has found concluded. */
    Verdict verdict(JobInfo found) {
        String why = found.error();
        return new Verdict(why, why != null && (cancelled || (!completed && why.equals(CANCELED))));
    }
}
