package dev.qmp.job;

import dev.qmp.QmpClient;
import dev.qmp.error.EventsLostException;
import dev.qmp.error.QmpException;
import dev.qmp.error.UnexpectedValueException;
import dev.qmp.qapi.QmpEvent;
import dev.qmp.session.EventSubscription;
import dev.qmp.session.Mailbox;
import dev.qmp.wire.Message.Event;
import org.jspecify.annotations.Nullable;

/** Brings the events of one job into its mailbox, and says where some are missing and when there are no more. */
final class JobEventFeed {

    /** Called in the mailbox. */
    interface Listener {
        void event(QmpEvent event);

        /** Events were lost, perhaps of this job. */
        void gap();

        /** The session has ended; the cause is null where it was closed in order. */
        void sessionEnded(@Nullable QmpException cause);
    }

    private final JobId id;
    private final QmpClient client;
    private final Mailbox mailbox;
    private final Listener listener;
    private @Nullable EventSubscription subscription;
    private long dropped;
    private boolean closed;

    JobEventFeed(JobId id, QmpClient client, Mailbox mailbox, Listener listener) {
        this.id = id;
        this.client = client;
        this.mailbox = mailbox;
        this.listener = listener;
    }

    /** Begins to listen. In the mailbox, as {@link #close} is. */
    void open() {
        // Every event is wanted, of whatever job: each delivery is also the occasion to notice losses. Whatever the
        // overflow
        // policy, a delivery follows a loss, because it takes a full queue to lose one.
        EventSubscription opened = client.subscribe(
                event -> true, event -> mailbox.post(() -> deliver(event)), () -> mailbox.post(this::reconnected));
        subscription = opened;
        dropped = 0;
        opened.ended().whenComplete((end, cause) -> mailbox.post(() -> ended(opened, cause)));
    }

    void close() {
        closed = true;
        if (subscription != null) {
            subscription.close();
        }
    }

    private void reconnected() {
        if (!closed) {
            listener.gap();
        }
    }

    private void deliver(Event event) {
        if (closed) {
            return;
        }
        long lost = subscription == null ? 0 : subscription.dropped();
        if (lost > dropped) {
            dropped = lost;
            listener.gap();
        }
        try {
            JobEvents.read(event).filter(read -> JobEvents.concerns(read, id)).ifPresent(listener::event);
        } catch (UnexpectedValueException e) {
            // What it would have said is not known, perhaps of this job.
            listener.gap();
        }
    }

    private void ended(EventSubscription source, @Nullable Throwable cause) {
        if (closed || source != subscription) {
            return;
        }
        Throwable why = cause == null ? null : Futures.unwrap(cause);
        if (why == null) {
            listener.sessionEnded(null);
        } else if (why instanceof QmpException lost && !(why instanceof EventsLostException)) {
            listener.sessionEnded(lost);
        } else {
            // Not the session has ended but this subscription: too slow, where the overflow policy is an error.
            open();
            listener.gap();
        }
    }
}
