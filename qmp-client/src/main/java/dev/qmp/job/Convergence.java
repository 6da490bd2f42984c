package dev.qmp.job;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a mirror or an active commit gets any nearer to the guest, who writes meanwhile: what is left to do has not been
 * less for some time. A job that is paused stands still for other reasons, and a READY one has arrived.
 *
 * <p>To be told of the job's values as they come, from one thread at a time ({@link Job#onProgress}).
 */
public final class Convergence {

    /**
     * A job that does not catch up.
     *
     * @param remaining what is left, in bytes
     * @param written what the guest has written per second, in bytes, as far as the job has to copy it again
     * @param copied what the job has copied per second, in bytes
     */
    public record Stall(long remaining, long written, long copied) {}

    private final long patience;
    private final LongSupplier nanos;
    private @Nullable JobInfo nearest;
    private long since;

    /** @param patience how long it may be no nearer before that is told; and again, each time that it lasts as long */
    public Convergence(Duration patience) {
        this(patience, System::nanoTime);
    }

    Convergence(Duration patience, LongSupplier nanos) {
        if (patience.isNegative() || patience.isZero()) {
            throw new IllegalArgumentException("patience is longer than " + patience);
        }
        this.patience = patience.toNanos();
        this.nanos = nanos;
    }

    /** Takes the job's newest values; a stall where they show one. */
    public Optional<Stall> update(JobInfo info) {
        long now = nanos.getAsLong();
        JobInfo before = nearest;
        boolean moving = info.status() == JobStatus.RUNNING && !info.paused() && !info.ready();
        if (before == null || !moving || left(info) < left(before)) {
            nearest = info;
            since = now;
            return Optional.empty();
        }
        if (now - since < patience) {
            return Optional.empty();
        }
        double seconds = (now - since) / 1e9;
        Stall stall = new Stall(
                left(info),
                Math.round((info.length() - before.length()) / seconds),
                Math.round((info.offset() - before.offset()) / seconds));
        nearest = info;
        since = now;
        return Optional.of(stall);
    }

    private static long left(JobInfo info) {
        return info.length() - info.offset();
    }
}
