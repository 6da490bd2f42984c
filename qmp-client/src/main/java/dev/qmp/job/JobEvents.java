package dev.qmp.job;

import dev.qmp.wire.Message.Event;
import java.util.Optional;

/** How events speak of jobs. */
final class JobEvents {

    static final String STATUS = "JOB_STATUS_CHANGE";
    static final String COMPLETED = "BLOCK_JOB_COMPLETED";
    static final String CANCELLED = "BLOCK_JOB_CANCELLED";
    static final String READY = "BLOCK_JOB_READY";
    static final String PENDING = "BLOCK_JOB_PENDING";
    static final String ERROR = "BLOCK_JOB_ERROR";

    private JobEvents() {}

    static boolean concerns(Event event, JobId id) {
        return switch (event.name()) {
            case STATUS, PENDING -> event.text("id").equals(Optional.of(id.value()));
            // "device" is the job's id here, whatever disk it works on.
            case COMPLETED, CANCELLED, READY, ERROR -> event.text("device").equals(Optional.of(id.value()));
            default -> false;
        };
    }

    /** The status that an event tells, empty for other events. */
    static Optional<JobStatus> status(Event event) {
        return event.name().equals(STATUS) ? event.text("status").map(JobStatus::of) : Optional.empty();
    }

    /** What is known of a job after an event of its own. */
    static JobInfo apply(JobInfo info, Event event) {
        return switch (event.name()) {
            case STATUS -> status(event).map(info::in).orElse(info);
            case PENDING -> info.in(JobStatus.PENDING);
            case READY -> progress(info, event).in(JobStatus.READY);
            case COMPLETED, CANCELLED -> progress(info, event);
            default -> info;
        };
    }

    private static JobInfo progress(JobInfo info, Event event) {
        return info.at(
                event.text("type").orElse(info.type()),
                event.data().path("offset").asLong(info.offset()),
                event.data().path("len").asLong(info.length()),
                event.data().path("speed").asLong(info.speed()));
    }
}
