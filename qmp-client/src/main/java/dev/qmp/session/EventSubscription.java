package dev.qmp.session;

import java.util.concurrent.CompletionStage;

/** A subscriber's hold on its events. Thread-safe. */
public interface EventSubscription extends AutoCloseable {

    /** How many events this subscriber was handed; an event that its predicate refused is none of them. */
    long delivered();

    /** How many events this subscriber has lost because its queue was full. */
    long dropped();

    /**
     * Completes when no more events will come, after the last one was handled: normally where the subscriber or the client
     * was closed in order, else exceptionally with the cause of the session's end or of this subscription's.
     */
    CompletionStage<Void> ended();

    /** Ends the subscription; events that are queued and not yet delivered are discarded. */
    @Override
    void close();
}
