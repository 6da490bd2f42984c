package dev.qmp.session;

import dev.qmp.error.EventsLostException;
import dev.qmp.wire.Message.Event;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscriber's events: bounded, delivered in order and one at a time on an executor, at most as many as were asked
 * for, with an end that comes after the last of them. The thread that offers never waits and never runs the subscriber.
 */
final class EventQueue implements EventSubscription {

    /** What stands behind a queue. A throw from {@link #event} ends the queue with it. */
    interface Sink {
        /** Returns whether the subscriber wanted it. */
        boolean event(Event event);

        void ended(@Nullable Throwable cause);
    }

    /** So many events are delivered before other tasks of the executor get a turn. */
    private static final int BATCH = 256;

    private static final Logger LOG = LoggerFactory.getLogger(EventQueue.class);

    private final Object lock = new Object();
    private final ArrayDeque<Event> queue = new ArrayDeque<>();
    private final int capacity;
    private final Overflow overflow;
    private final Callbacks callbacks;
    private final Sink sink;
    private final Runnable onEnd;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private long demand;
    private long delivered;
    private long dropped;
    private boolean delivering;
    private boolean ending;
    private boolean finished;
    private @Nullable Throwable cause;

    /** {@code onEnd} runs once, on any thread, as soon as no further event is wanted. */
    EventQueue(int capacity, Overflow overflow, Callbacks callbacks, Sink sink, Runnable onEnd) {
        this.capacity = capacity;
        this.overflow = overflow;
        this.callbacks = callbacks;
        this.sink = sink;
        this.onEnd = onEnd;
    }

    void request(long events) {
        synchronized (lock) {
            demand = demand + events < 0 ? Long.MAX_VALUE : demand + events;
        }
        deliver();
    }

    void offer(Event event) {
        add(event);
        deliver();
    }

    /** Puts the event where it belongs; {@link #deliver} is to be called next. */
    void add(Event event) {
        synchronized (lock) {
            if (ending) {
                return;
            }
            if (queue.size() < capacity) {
                queue.add(event);
                return;
            }
            dropped++;
            if (overflow == Overflow.DROP_OLDEST) {
                queue.poll();
                queue.add(event);
            }
            if (overflow != Overflow.END) {
                return;
            }
            ending = true;
            cause = new EventsLostException(capacity);
        }
        onEnd.run();
    }

    boolean isEnding() {
        synchronized (lock) {
            return ending;
        }
    }

    /** No event will be offered any more: what is queued is delivered, then the sink hears the end. */
    void end(@Nullable Throwable why) {
        synchronized (lock) {
            if (ending) {
                return;
            }
            ending = true;
            cause = why;
        }
        onEnd.run();
        deliver();
    }

    @Override
    public void close() {
        synchronized (lock) {
            queue.clear();
        }
        end(null);
    }

    @Override
    public long delivered() {
        synchronized (lock) {
            return delivered;
        }
    }

    @Override
    public long dropped() {
        synchronized (lock) {
            return dropped;
        }
    }

    @Override
    public CompletionStage<Void> ended() {
        return ended.minimalCompletionStage();
    }

    void deliver() {
        synchronized (lock) {
            if (delivering || !deliverable()) {
                return;
            }
            delivering = true;
        }
        callbacks.run(this::run);
    }

    private boolean deliverable() {
        return !finished && ((!queue.isEmpty() && demand > 0) || (ending && queue.isEmpty()));
    }

    private void run() {
        for (int i = 0; i < BATCH; i++) {
            Event event;
            synchronized (lock) {
                if (!deliverable()) {
                    delivering = false;
                    return;
                }
                event = queue.poll();
                if (event == null) {
                    finished = true;
                    delivering = false;
                } else {
                    demand--;
                }
            }
            if (event == null) {
                finish();
                return;
            }
            try {
                if (sink.event(event)) {
                    synchronized (lock) {
                        delivered++;
                    }
                }
            } catch (Throwable t) {
                failed(t);
            }
        }
        callbacks.run(this::run);
    }

    private void failed(Throwable t) {
        synchronized (lock) {
            queue.clear();
        }
        end(t);
    }

    private void finish() {
        Throwable why;
        synchronized (lock) {
            why = cause;
        }
        try {
            sink.ended(why);
        } catch (Throwable t) {
            LOG.warn("a subscriber threw when it was told of the end", t);
        }
        if (why == null) {
            ended.complete(null);
        } else {
            ended.completeExceptionally(why);
        }
    }
}
