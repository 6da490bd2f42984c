package dev.qmp;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.POJONode;
import dev.qmp.session.EventHub;
import dev.qmp.session.EventSubscription;
import dev.qmp.session.SubscriptionOptions;
import dev.qmp.wire.Message.Event;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The events of one connection after the other for subscribers that outlive them. Changes of state travel in the same queues,
 * as events that nobody else could have sent, so that each subscriber meets a gap at its place. Thread-safe.
 */
final class EventRelay {

    private final EventHub hub;
    private final int capacity;

    EventRelay(EventHub hub, int capacity) {
        this.hub = hub;
        this.capacity = capacity;
    }

    /** What one connection's events go through; called on its link's loop. */
    final class Gate implements Consumer<Event> {
        private final Queue<Event> held = new ArrayDeque<>();
        private boolean open;
        private boolean shutdown;

        @Override
        public synchronized void accept(Event event) {
            // RESET and RESUME: a machine with -no-shutdown stays, and may be started again.
            shutdown = event.name().equals("SHUTDOWN")
                    || (shutdown
                            && !event.name().equals("RESET")
                            && !event.name().equals("RESUME"));
            if (open) {
                hub.publish(event);
                return;
            }
            if (held.size() == capacity) {
                held.remove(); // the state that is told before them means that events may be missing
            }
            held.add(event);
        }

        /** It is certain whose events these are: tells the state, then what was held back, then what comes. */
        synchronized void open(ConnectionState state) {
            tell(state);
            held.forEach(hub::publish);
            held.clear();
            open = true;
        }

        /** Whether QEMU has said that it, or its machine, ends. */
        synchronized boolean shutdownAnnounced() {
            return shutdown;
        }
    }

    void tell(ConnectionState state) {
        hub.publishOnce(new Event("", new JsonNodeFactory(false).pojoNode(state), null));
    }

    void end(@Nullable Throwable cause) {
        hub.end(cause);
    }

    private static Optional<ConnectionState> state(Event event) {
        return event.data() instanceof POJONode told && told.getPojo() instanceof ConnectionState state
                ? Optional.of(state)
                : Optional.empty();
    }

    EventSubscription subscribe(
            SubscriptionOptions wanted,
            Predicate<Event> predicate,
            Consumer<Event> listener,
            Consumer<ConnectionState> states) {
        return hub.subscribe(
                wanted,
                event -> true,
                event -> state(event).ifPresentOrElse(states, () -> {
                    if (predicate.test(event)) {
                        listener.accept(event);
                    }
                }));
    }

    Flow.Publisher<Event> publisher(SubscriptionOptions wanted) {
        Flow.Publisher<Event> all = hub.publisher(wanted);
        return subscriber -> all.subscribe(new EventsAlone(subscriber));
    }

    /** Passes events on and keeps states back, which do not count as what was asked for. */
    private static final class EventsAlone implements Flow.Subscriber<Event> {
        private final Flow.Subscriber<? super Event> subscriber;
        private Flow.@Nullable Subscription subscription;

        EventsAlone(Flow.Subscriber<? super Event> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            subscriber.onSubscribe(given);
        }

        @Override
        public void onNext(Event event) {
            Flow.Subscription source = subscription;
            if (source != null && state(event).isPresent()) {
                source.request(1);
            } else {
                subscriber.onNext(event);
            }
        }

        @Override
        public void onError(Throwable cause) {
            subscriber.onError(cause);
        }

        @Override
        public void onComplete() {
            subscriber.onComplete();
        }
    }
}
