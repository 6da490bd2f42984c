package dev.qmp.job;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Where a job stands (QAPI {@code JobStatus}). */
public enum JobStatus {
    UNDEFINED,
    CREATED,
    RUNNING,
    /** At rest: by a user, by an I/O error, or for a moment because QEMU drained the disk for something else. */
    PAUSED,
    /** A mirror or an active commit whose copy is in step with its source: it waits to be completed or stopped. */
    READY,
    /** Paused while READY. */
    STANDBY,
    /** Done with its own work, waiting for the other jobs of its transaction. */
    WAITING,
    /** All but finalized: the graph is not changed yet. */
    PENDING,
    /** Failed or cancelled, cleaning up. */
    ABORTING,
    /** Over; kept until it is dismissed. */
    CONCLUDED,
    /** Gone. Seen in events only. */
    NULL,
    /** A status that a QEMU newer than this library has. */
    UNKNOWN;

    private static final Map<String, JobStatus> BY_NAME = Arrays.stream(values())
            .filter(status -> status != UNKNOWN)
            .collect(Collectors.toUnmodifiableMap(
                    status -> status.name().toLowerCase(Locale.ROOT), Function.identity()));

    /** QAPI's status as one that can be switched on, {@link #UNKNOWN} for a value that this build does not know. */
    public static JobStatus of(dev.qmp.qapi.JobStatus status) {
        return BY_NAME.getOrDefault(status.value(), UNKNOWN);
    }

    /** Whether nothing can change the job's result any more. */
    boolean ending() {
        return this == ABORTING || this == CONCLUDED || this == NULL;
    }
}
