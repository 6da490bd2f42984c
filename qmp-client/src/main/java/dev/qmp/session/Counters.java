package dev.qmp.session;

import java.util.concurrent.atomic.AtomicLong;

/** A session's counters: written on the loop, read anywhere. */
final class Counters {

    private final AtomicLong commandsSent = new AtomicLong();
    private final AtomicLong replies = new AtomicLong();
    private final AtomicLong lateReplies = new AtomicLong();
    private final AtomicLong unknownReplies = new AtomicLong();
    private final AtomicLong events = new AtomicLong();

    void commandSent() {
        commandsSent.incrementAndGet();
    }

    /** Takes back a {@link #commandSent}: it could not be. */
    void commandNotSent() {
        commandsSent.decrementAndGet();
    }

    void reply() {
        replies.incrementAndGet();
    }

    void lateReply() {
        lateReplies.incrementAndGet();
    }

    void unknownReply() {
        unknownReplies.incrementAndGet();
    }

    void event() {
        events.incrementAndGet();
    }

    SessionStatistics snapshot() {
        return new SessionStatistics(
                commandsSent.get(), replies.get(), lateReplies.get(), unknownReplies.get(), events.get());
    }
}
