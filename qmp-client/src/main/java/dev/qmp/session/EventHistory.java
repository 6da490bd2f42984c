package dev.qmp.session;

import dev.qmp.wire.Message.Event;
import java.util.ArrayDeque;
import java.util.List;

/** The last events of a session. Guarded by its owner. */
final class EventHistory {

    private final int most;
    private final ArrayDeque<Event> events = new ArrayDeque<>();

    /** Remembers so many, none at 0. */
    EventHistory(int most) {
        this.most = most;
    }

    void add(Event event) {
        if (most == 0) {
            return;
        }
        if (events.size() == most) {
            events.remove();
        }
        events.add(event);
    }

    /** At most so many of the last ones, oldest first. */
    List<Event> last(int count) {
        return events.stream().skip(Math.max(0, events.size() - count)).toList();
    }
}
