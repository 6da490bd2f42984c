package dev.qmp.qapi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.wire.Message.Event;
import java.util.function.Function;

/**
 * The name of an event together with what its data become: each typed event has one, {@link BlockJobCompleted#EVENT} for
 * example.
 *
 * @param <E> the event as a value
 */
public final class EventType<E extends QmpEvent> {

    private final String name;
    private final Function<JsonNode, E> decoder;

    EventType(String name, Function<JsonNode, E> decoder) {
        this.name = name;
        this.decoder = decoder;
    }

    /** The name as QAPI spells it. */
    public String eventName() {
        return name;
    }

    public boolean matches(Event event) {
        return event.name().equals(name);
    }

    /**
     * The event as a value.
     *
     * @throws IllegalArgumentException where it is another event
     * @throws dev.qmp.error.UnexpectedValueException where its data are not what QAPI says of this event
     */
    public E decode(Event event) {
        if (!matches(event)) {
            throw new IllegalArgumentException("a " + event.name() + " is no " + name);
        }
        return decoder.apply(event.data());
    }

    @Override
    public String toString() {
        return name;
    }
}
