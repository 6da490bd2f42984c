package dev.qmp.session;

import dev.qmp.wire.Message.Event;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Fans events out to subscribers, each with a queue of its own, and tells all of them the end. Thread-safe. */
public final class EventHub implements Flow.Publisher<Event> {

    private final List<EventQueue> queues = new CopyOnWriteArrayList<>();
    private final int capacity;
    private final Overflow overflow;
    private final Executor executor;
    private final Object endLock = new Object();
    private boolean ended;
    private @Nullable Throwable endCause;

    public EventHub(int capacity, Overflow overflow, Executor executor) {
        this.capacity = capacity;
        this.overflow = overflow;
        this.executor = executor;
    }

    /** Never waits for a subscriber. */
    public void publish(Event event) {
        for (EventQueue queue : queues) {
            queue.offer(event);
        }
    }

    /** Ends every subscription, and every later one at once. */
    public void end(@Nullable Throwable cause) {
        synchronized (endLock) {
            if (ended) {
                return;
            }
            ended = true;
            endCause = cause;
        }
        for (EventQueue queue : queues) {
            queue.end(cause);
        }
    }

    /** Calls {@code listener} on the executor with each event that {@code predicate} accepts, which is asked there, too. */
    public EventSubscription subscribe(Predicate<Event> predicate, Consumer<Event> listener) {
        EventQueue queue = open(new EventQueue.Sink() {
            @Override
            public void event(Event event) {
                if (predicate.test(event)) {
                    listener.accept(event);
                }
            }

            @Override
            public void ended(@Nullable Throwable cause) {}
        });
        queue.request(Long.MAX_VALUE);
        return queue;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super Event> subscriber) {
        Objects.requireNonNull(subscriber);
        EventQueue queue = create(new EventQueue.Sink() {
            @Override
            public void event(Event event) {
                subscriber.onNext(event);
            }

            @Override
            public void ended(@Nullable Throwable cause) {
                if (cause == null) {
                    subscriber.onComplete();
                } else {
                    subscriber.onError(cause);
                }
            }
        });
        subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {
                if (n <= 0) {
                    // Reactive streams rule 3.9
                    queue.end(new IllegalArgumentException("a subscriber asks for at least one event, not " + n));
                } else {
                    queue.request(n);
                }
            }

            @Override
            public void cancel() {
                queue.close();
            }
        });
        register(queue);
    }

    private EventQueue open(EventQueue.Sink sink) {
        EventQueue queue = create(sink);
        register(queue);
        return queue;
    }

    private EventQueue create(EventQueue.Sink sink) {
        EventQueue[] self = new EventQueue[1];
        EventQueue queue = new EventQueue(capacity, overflow, executor, sink, () -> queues.remove(self[0]));
        self[0] = queue;
        return queue;
    }

    private void register(EventQueue queue) {
        boolean late;
        Throwable cause;
        synchronized (endLock) {
            late = ended;
            cause = endCause;
            if (!late) {
                queues.add(queue);
            }
        }
        if (late) {
            queue.end(cause);
        }
    }
}
