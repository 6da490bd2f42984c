package dev.qmp.transport;

import java.time.Duration;
import java.util.concurrent.Executor;

/** The single thread of a link, as seen by the layers above. */
public interface LinkLoop extends Executor {

    /** A scheduled action that can be taken back. */
    @FunctionalInterface
    interface Timer {
        /** Takes the action back; does nothing where it has run already. */
        void cancel();
    }

    /** Whether the calling thread is the loop's. */
    boolean inLoop();

    /** Runs {@code action} on the loop after {@code delay}. */
    Timer schedule(Runnable action, Duration delay);
}
