package dev.qmp.session;

import dev.qmp.wire.Message.Event;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A queue as reactive streams see it; it can be asked for its counters all the same. */
final class FlowSubscription implements Flow.Subscription, EventSubscription {

    private final EventQueue queue;

    FlowSubscription(EventQueue queue) {
        this.queue = queue;
    }

    static EventQueue.Sink sink(Flow.Subscriber<? super Event> subscriber) {
        Objects.requireNonNull(subscriber);
        return new EventQueue.Sink() {
            @Override
            public boolean event(Event event) {
                subscriber.onNext(event);
                return true;
            }

            @Override
            public void ended(@Nullable Throwable cause) {
                if (cause == null) {
                    subscriber.onComplete();
                } else {
                    subscriber.onError(cause);
                }
            }
        };
    }

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

    @Override
    public long delivered() {
        return queue.delivered();
    }

    @Override
    public long dropped() {
        return queue.dropped();
    }

    @Override
    public CompletionStage<Void> ended() {
        return queue.ended();
    }

    @Override
    public void close() {
        queue.close();
    }
}
