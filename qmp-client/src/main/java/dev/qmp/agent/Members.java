package dev.qmp.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.error.UnexpectedValueException;
import dev.qmp.qapi.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The members of one object in an agent's reply, taken out one by one; what nobody has taken is {@link #unknownMembers}.
 * A value of another type than the agent's reference gives it is an {@link UnexpectedValueException}.
 */
final class Members {

    private final String command;
    private final Map<String, JsonNode> left = new LinkedHashMap<>();

    private Members(String command, ObjectNode object) {
        this.command = command;
        object.properties().forEach(member -> left.put(member.getKey(), member.getValue()));
    }

    static Members of(String command, JsonNode value) {
        if (value instanceof ObjectNode object) {
            return new Members(command, object);
        }
        throw wrong(command, "an object", value);
    }

    static JsonNode array(String command, JsonNode value) {
        if (value.isArray()) {
            return value;
        }
        throw wrong(command, "an array", value);
    }

    static String text(String command, JsonNode value) {
        if (value.isTextual()) {
            return value.textValue();
        }
        throw wrong(command, "a string", value);
    }

    /** A number of things. */
    static int count(String command, JsonNode value) {
        if (value.isIntegralNumber() && value.canConvertToInt() && value.intValue() >= 0) {
            return value.intValue();
        }
        throw wrong(command, "a count", value);
    }

    String text(String name) {
        return text(command, take(name));
    }

    Optional<String> optionalText(String name) {
        return left.containsKey(name) ? Optional.of(text(name)) : Optional.empty();
    }

    boolean flag(String name) {
        JsonNode value = take(name);
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        throw wrong(command, "a boolean", value);
    }

    long number(String name) {
        JsonNode value = take(name);
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return value.longValue();
        }
        throw wrong(command, "a number of 64 bits", value);
    }

    OptionalLong optionalNumber(String name) {
        return left.containsKey(name) ? OptionalLong.of(number(name)) : OptionalLong.empty();
    }

    JsonNode array(String name) {
        return array(command, take(name));
    }

    JsonNode object(String name) {
        return take(name);
    }

    /** The members that were not taken: those that this build does not know. */
    Map<String, JsonValue> unknownMembers() {
        Map<String, JsonValue> unknown = new LinkedHashMap<>();
        left.forEach((name, value) -> unknown.put(name, JsonValue.of(value)));
        return unknown;
    }

    private JsonNode take(String name) {
        @Nullable JsonNode value = left.remove(name);
        if (value == null) {
            throw new UnexpectedValueException("the guest agent's answer to " + command + " lacks '" + name + "'");
        }
        return value;
    }

    private static UnexpectedValueException wrong(String command, String expected, JsonNode value) {
        return new UnexpectedValueException(
                "the guest agent's answer to " + command + " has " + value.getNodeType() + " for " + expected);
    }
}
