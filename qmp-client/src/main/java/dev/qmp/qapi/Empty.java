package dev.qmp.qapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * An object that QAPI gives no members: what most commands return when they are done.
 *
 * @param unknownMembers what a newer QEMU says in it, by its names
 */
public record Empty(Map<String, JsonValue> unknownMembers) implements QapiObject {

    public Empty {
        unknownMembers = Map.copyOf(unknownMembers);
    }

    public Empty() {
        this(Map.of());
    }

    /**
     * Reads any object.
     *
     * @throws dev.qmp.error.UnexpectedValueException where {@code json} is no object
     */
    public static Empty fromJson(JsonNode json) {
        return new Empty(Members.of("the empty object", json).rest());
    }

    @Override
    public ObjectNode toJson() {
        return Members.json(unknownMembers);
    }
}
