package dev.qmp.session;

import java.time.Instant;

/** Sees the documents of a session, for logs and recordings. Called in order, one at a time, on the callback executor. */
@FunctionalInterface
public interface TrafficListener {

    /** Which way a document went. */
    enum Direction {
        SENT,
        RECEIVED
    }

    /** One document, as it was on the wire but for the line end: with its passwords, which {@code dev.qmp.Secrets} masks. */
    void document(Direction direction, Instant at, String json);

    /** So many documents were lost because this listener was too slow. Does nothing by default. */
    default void lost(long documents) {}
}
