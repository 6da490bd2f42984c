package dev.qmp.session;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/** What one subscriber wants of its events; what it does not say is as the client's options have it. Immutable. */
public final class SubscriptionOptions {

    /** All as the client's options have it, and no replay. */
    public static final SubscriptionOptions DEFAULT = new SubscriptionOptions(OptionalInt.empty(), Optional.empty(), 0);

    private final OptionalInt queue;
    private final Optional<Overflow> overflow;
    private final int replay;

    private SubscriptionOptions(OptionalInt queue, Optional<Overflow> overflow, int replay) {
        this.queue = queue;
        this.overflow = overflow;
        this.replay = replay;
    }

    /** With a queue of so many events, at least one. */
    public SubscriptionOptions queue(int events) {
        if (events < 1) {
            throw new IllegalArgumentException("a queue holds at least one event: " + events);
        }
        return new SubscriptionOptions(OptionalInt.of(events), overflow, replay);
    }

    /** With this policy for events that meet a full queue. */
    public SubscriptionOptions overflow(Overflow policy) {
        return new SubscriptionOptions(queue, Optional.of(Objects.requireNonNull(policy)), replay);
    }

    /**
     * With the last events before the subscription delivered first: at most so many, at most those that the client keeps, and
     * at most as many as the queue holds. Between them and the first new event none is missed, and none comes twice.
     */
    public SubscriptionOptions replay(int events) {
        if (events < 0) {
            throw new IllegalArgumentException("less than no events: " + events);
        }
        return new SubscriptionOptions(queue, overflow, events);
    }

    int queueOr(int preset) {
        return queue.orElse(preset);
    }

    Overflow overflowOr(Overflow preset) {
        return overflow.orElse(preset);
    }

    int replay() {
        return replay;
    }
}
