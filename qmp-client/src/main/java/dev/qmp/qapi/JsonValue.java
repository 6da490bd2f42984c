package dev.qmp.qapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/**
 * Any JSON: the value of QAPI's type {@code any}, or something that QEMU said and this build has no type for.
 *
 * <p>Immutable: what goes in and what comes out are copies.
 */
public final class JsonValue {

    private final JsonNode json;

    private JsonValue(JsonNode json) {
        this.json = json;
    }

    public static JsonValue of(JsonNode json) {
        return new JsonValue(json.deepCopy());
    }

    public static JsonValue of(String value) {
        return new JsonValue(JsonNodeFactory.instance.textNode(value));
    }

    /** A whole number; equal to the same one that was read. */
    public static JsonValue of(long value) {
        // Jackson reads a number into the smallest kind of node that holds it, and nodes of two kinds are never equal.
        return new JsonValue(
                value == (int) value
                        ? JsonNodeFactory.instance.numberNode((int) value)
                        : JsonNodeFactory.instance.numberNode(value));
    }

    public static JsonValue of(double value) {
        return new JsonValue(JsonNodeFactory.instance.numberNode(value));
    }

    public static JsonValue of(boolean value) {
        return new JsonValue(JsonNodeFactory.instance.booleanNode(value));
    }

    /** JSON's {@code null}. */
    public static JsonValue ofNull() {
        return new JsonValue(JsonNodeFactory.instance.nullNode());
    }

    public JsonNode toJson() {
        return json.deepCopy();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JsonValue that && json.equals(that.json);
    }

    @Override
    public int hashCode() {
        return json.hashCode();
    }

    /** The JSON as text. */
    @Override
    public String toString() {
        return json.toString();
    }
}
