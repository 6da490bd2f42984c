package dev.qmp;

import dev.qmp.error.QmpException;
import dev.qmp.wire.Message.Greeting;
import java.time.Duration;

/** How a {@link ReconnectingClient} stands. */
public sealed interface ConnectionState {

    /**
     * There is a connection, and it is to the same QEMU as all before it.
     *
     * @param connection counted from 1; above that, events may have been missed before this
     * @param greeting what QEMU said on this connection
     */
    record Connected(int connection, Greeting greeting) implements ConnectionState {}

    /**
     * A connection has ended that was not closed in order. What was in flight has an unknown outcome.
     *
     * @param connection its number
     */
    record Lost(int connection, QmpException cause) implements ConnectionState {}

    /**
     * There is no connection, and another attempt comes.
     *
     * @param attempt counted from 1 since the connection was lost; goes on where the last connection was a short one
     * @param delay from this moment to the attempt
     * @param cause the connection's end, or why the attempt before failed
     */
    record Reconnecting(int attempt, Duration delay, QmpException cause) implements ConnectionState {}

    /**
     * The client has ended, and not in order.
     *
     * @param cause a {@link dev.qmp.error.DifferentPeerException}, the last attempt's failure where time was up, or the
     *     connection's end where QEMU had announced its own
     */
    record GaveUp(QmpException cause) implements ConnectionState {}

    /** The client has ended in order: it was closed, or has sent {@code quit}. */
    record Closed() implements ConnectionState {}
}
