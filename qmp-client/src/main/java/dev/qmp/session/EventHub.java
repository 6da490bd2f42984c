package dev.qmp.session;

import dev.qmp.wire.Message.Event;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Fans events out to subscribers, each with a queue of its own, and tells all of them the end. Thread-safe. */
public final class EventHub {

    private final List<EventQueue> queues = new CopyOnWriteArrayList<>();
    private final int capacity;
    private final Overflow overflow;
    private final Callbacks callbacks;

    /** So that a late subscriber gets what was, then what is, with no event between or twice. No user code runs under it. */
    private final Object lock = new Object();

    private final EventHistory history;
    private boolean ended;
    private @Nullable Throwable endCause;

    /** {@code capacity} and {@code overflow} are for subscribers that say nothing of them. */
    public EventHub(int capacity, Overflow overflow, int replay, Executor executor) {
        this(capacity, overflow, replay, new Callbacks(executor));
    }

    EventHub(int capacity, Overflow overflow, int replay, Callbacks callbacks) {
        this.capacity = capacity;
        this.overflow = overflow;
        this.history = new EventHistory(replay);
        this.callbacks = callbacks;
    }

    /** When this returns the event is in the queue of each subscriber; it waits for none of them. */
    public void publish(Event event) {
        offer(event, true);
    }

    /** As {@link #publish}, to those who have subscribed by now: a later one's replay does not have it. */
    public void publishOnce(Event event) {
        offer(event, false);
    }

    private void offer(Event event, boolean remembered) {
        synchronized (lock) {
            if (remembered) {
                history.add(event);
            }
            queues.forEach(queue -> queue.add(event));
        }
        queues.forEach(EventQueue::deliver);
    }

    /** Ends every subscription, and every later one at once. */
    public void end(@Nullable Throwable cause) {
        synchronized (lock) {
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
    public EventSubscription subscribe(
            SubscriptionOptions options, Predicate<Event> predicate, Consumer<Event> listener) {
        EventQueue queue = create(options, new EventQueue.Sink() {
            @Override
            public boolean event(Event event) {
                boolean wanted = predicate.test(event);
                if (wanted) {
                    listener.accept(event);
                }
                return wanted;
            }

            @Override
            public void ended(@Nullable Throwable cause) {}
        });
        register(queue, options);
        queue.request(Long.MAX_VALUE);
        return queue;
    }

    /** A publisher for subscribers who want their events so. */
    public Flow.Publisher<Event> publisher(SubscriptionOptions options) {
        return subscriber -> {
            EventQueue queue = create(options, FlowSubscription.sink(subscriber));
            subscriber.onSubscribe(new FlowSubscription(queue));
            register(queue, options);
        };
    }

    private EventQueue create(SubscriptionOptions options, EventQueue.Sink sink) {
        EventQueue[] self = new EventQueue[1];
        EventQueue queue = new EventQueue(
                options.queueOr(capacity), options.overflowOr(overflow), callbacks, sink, () -> queues.remove(self[0]));
        self[0] = queue;
        return queue;
    }

    private void register(EventQueue queue, SubscriptionOptions options) {
        boolean late;
        Throwable cause;
        synchronized (lock) {
            history.last(Math.min(options.replay(), options.queueOr(capacity))).forEach(queue::add);
            late = ended;
            cause = endCause;
            if (!late && !queue.isEnding()) {
                queues.add(queue);
            }
        }
        if (late) {
            queue.end(cause);
        } else {
            queue.deliver();
        }
    }
}
