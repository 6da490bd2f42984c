package dev.qmp.error;

/**
 * A subscriber was too slow and had asked to be ended rather than to miss events. What was queued for it before was delivered;
 * the session and all other subscribers go on.
 */
public final class EventsLostException extends QmpException {

    private final int waiting;

    public EventsLostException(int waiting) {
        super(
                "the subscriber is too slow: " + waiting + " events were waiting when another one came",
                "give it a longer queue, let it do less on each event, or let it lose some",
                null);
        this.waiting = waiting;
    }

    /** How many events its queue held, which is all that it may. */
    public int waiting() {
        return waiting;
    }
}
