package dev.qmp.session;

import dev.qmp.wire.Message.Event;
import dev.qmp.wire.WireLimits;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a session needs to know beforehand; the client's options say what each means to a user.
 *
 * @param greetingTimeout for the greeting, and again for the negotiation's reply
 * @param closeGrace how long a close waits for commands in flight
 * @param inFlight commands sent and unanswered at a time, without out-of-band
 * @param outOfBandInFlight in-band commands sent and unanswered at a time where out-of-band was negotiated; 0 where it is
 *     not to be negotiated
 * @param eventQueue events that wait for one subscriber at most, where it does not say another number
 * @param replay events that are kept for late subscribers
 * @param eventTap hears each event on the link's loop, from the first byte on, before anybody else; must not wait or throw
 */
public record SessionOptions(
        Duration greetingTimeout,
        Duration closeGrace,
        int inFlight,
        int outOfBandInFlight,
        int eventQueue,
        Overflow overflow,
        int replay,
        WireLimits limits,
        Executor callbackExecutor,
        @Nullable TrafficListener trafficListener,
        @Nullable Consumer<Event> eventListener,
        @Nullable Consumer<Event> eventTap) {

    /** Without a tap. */
    public SessionOptions(
            Duration greetingTimeout,
            Duration closeGrace,
            int inFlight,
            int outOfBandInFlight,
            int eventQueue,
            Overflow overflow,
            int replay,
            WireLimits limits,
            Executor callbackExecutor,
            @Nullable TrafficListener trafficListener,
            @Nullable Consumer<Event> eventListener) {
        this(
                greetingTimeout,
                closeGrace,
                inFlight,
                outOfBandInFlight,
                eventQueue,
                overflow,
                replay,
                limits,
                callbackExecutor,
                trafficListener,
                eventListener,
                null);
    }

    boolean wantsOutOfBand() {
        return outOfBandInFlight > 0;
    }
}
