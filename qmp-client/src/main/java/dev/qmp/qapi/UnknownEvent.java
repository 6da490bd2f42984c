package dev.qmp.qapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * An event that this build has no type for.
 *
 * @param unknownMembers all of its data
 */
public record UnknownEvent(String eventName, Map<String, JsonValue> unknownMembers) implements QmpEvent {

    public UnknownEvent {
        unknownMembers = Map.copyOf(unknownMembers);
    }

    /**
     * The event of that name, whatever its data say.
     *
     * @throws dev.qmp.error.UnexpectedValueException where {@code data} is no object
     */
    public static UnknownEvent of(String name, JsonNode data) {
        return new UnknownEvent(name, Members.of(name, data).rest());
    }

    @Override
    public ObjectNode toJson() {
        return Members.json(unknownMembers);
    }
}
