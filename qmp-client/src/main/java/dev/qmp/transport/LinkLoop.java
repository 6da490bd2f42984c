package dev.qmp.transport;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * The single thread of a link, as seen by the layers above. It never refuses an action: the thread ends some time after its
 * last link, and from then on actions run on the thread that brings them, still one at a time and in order.
 */
public interface LinkLoop extends Executor {

    /** A scheduled action that can be taken back. */
    @FunctionalInterface
    interface Timer {
        /** Takes the action back; does nothing where it has run already. */
        void cancel();
    }

    /** Whether the calling thread is the loop's. */
    boolean inLoop();

    /** Runs {@code action} on the loop after {@code delay}; never where the loop's thread has ended by then. */
    Timer schedule(Runnable action, Duration delay);
}
