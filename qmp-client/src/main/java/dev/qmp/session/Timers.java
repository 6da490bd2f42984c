package dev.qmp.session;

import dev.qmp.transport.LinkLoop.Timer;
import java.time.Duration;

/** Runs things later, on a thread that must not be made to wait. */
@FunctionalInterface
public interface Timers {

    /** Runs {@code action}, which must be short, after {@code delay}; never where there is no timer any more by then. */
    Timer schedule(Runnable action, Duration delay);
}
