package dev.qmp;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long a command may wait for its reply: a length, or one of four classes whose lengths the options set
 * ({@link QmpClientOptions.Builder#deadline}). Which class a command has that names none is told by one table, since one
 * number for all is always too short for some and too long for others. Immutable.
 */
public final class Deadline {

    /** For commands that QEMU answers at once. 30 s unless the options say otherwise. */
    public static final Deadline DEFAULT = new Deadline("default", null);

    /**
     * For commands that may wait for input and output of the block layer: they open, drain, flush or close images, and hang
     * as long as the storage does. 2 min unless the options say otherwise.
     */
    public static final Deadline BLOCK = new Deadline("block", null);

    /** For commands that work through memory or run another's code: 10 min unless the options say otherwise. */
    public static final Deadline LONG = new Deadline("long", null);

    /** For commands whose time is bounded by nothing but the guest's size: none at all. */
    public static final Deadline UNBOUNDED = new Deadline("unbounded", Duration.ZERO);

    private final String name;
    private final Optional<Duration> length;

    private Deadline(String name, @Nullable Duration length) {
        this.name = name;
        this.length = Optional.ofNullable(length);
    }

    /**
     * A deadline of this length, whatever the options say; zero means none.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public static Deadline of(Duration length) {
        if (length.isNegative()) {
            throw new IllegalArgumentException("a deadline is not negative: " + length);
        }
        return length.isZero() ? UNBOUNDED : new Deadline(length.toString(), length);
    }

    /** Its own length, zero for none; empty for a class whose length the options set. */
    Optional<Duration> length() {
        return length;
    }

    @Override
    public String toString() {
        return name;
    }
}
