package dev.qmp.job;

import dev.qmp.qapi.BlockJobCancelled;
import dev.qmp.qapi.BlockJobCompleted;
import dev.qmp.qapi.BlockJobError;
import dev.qmp.qapi.BlockJobPending;
import dev.qmp.qapi.BlockJobReady;
import dev.qmp.qapi.EventType;
import dev.qmp.qapi.JobStatusChange;
import dev.qmp.qapi.JobType;
import dev.qmp.qapi.QmpEvent;
import dev.qmp.wire.Message.Event;
import java.util.List;
import java.util.Optional;

/** How events speak of jobs. */
final class JobEvents {

    private static final List<EventType<?>> TYPES = List.of(
            JobStatusChange.EVENT,
            BlockJobPending.EVENT,
            BlockJobReady.EVENT,
            BlockJobCompleted.EVENT,
            BlockJobCancelled.EVENT,
            BlockJobError.EVENT);

    private JobEvents() {}

    /**
     * The event as a value where it is one of jobs.
     *
     * @throws dev.qmp.error.UnexpectedValueException where its data are not what they should be
     */
    static Optional<QmpEvent> read(Event event) {
        for (EventType<?> type : TYPES) {
            if (type.matches(event)) {
                return Optional.of(type.decode(event));
            }
        }
        return Optional.empty();
    }

    static boolean concerns(QmpEvent event, JobId id) {
        return id(event).equals(id.value());
    }

    private static String id(QmpEvent event) {
        if (event instanceof JobStatusChange change) {
            return change.id();
        } else if (event instanceof BlockJobPending pending) {
            return pending.id();
        } else if (event instanceof BlockJobReady ready) {
            // "device" is the job's id from here on, whatever disk it works on.
            return ready.device();
        } else if (event instanceof BlockJobCompleted completed) {
            return completed.device();
        } else if (event instanceof BlockJobCancelled cancelled) {
            return cancelled.device();
        }
        return event instanceof BlockJobError error ? error.device() : "";
    }

    /** The status that an event tells, empty for other events. */
    static Optional<JobStatus> status(QmpEvent event) {
        return event instanceof JobStatusChange change ? Optional.of(JobStatus.of(change.status())) : Optional.empty();
    }

    /** What is known of a job after an event of its own. */
    static JobInfo apply(JobInfo info, QmpEvent event) {
        if (event instanceof JobStatusChange change) {
            return info.in(JobStatus.of(change.status()));
        } else if (event instanceof BlockJobPending) {
            return info.in(JobStatus.PENDING);
        } else if (event instanceof BlockJobReady e) {
            return progress(info, e.type(), e.offset(), e.len(), e.speed()).in(JobStatus.READY);
        } else if (event instanceof BlockJobCompleted e) {
            return progress(info, e.type(), e.offset(), e.len(), e.speed());
        } else if (event instanceof BlockJobCancelled e) {
            return progress(info, e.type(), e.offset(), e.len(), e.speed());
        }
        return info;
    }

    private static JobInfo progress(JobInfo info, JobType type, long offset, long length, long speed) {
        return info.at(type, offset, length, speed);
    }
}
