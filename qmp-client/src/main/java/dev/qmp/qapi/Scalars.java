package dev.qmp.qapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.error.UnexpectedValueException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Values without members, out of JSON and into it. */
final class Scalars {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Scalars() {}

    static ObjectNode object() {
        return JSON.objectNode();
    }

    /** @param what the value is, for the message */
    static String string(String what, JsonNode json) {
        if (!json.isTextual()) {
            throw wrong(what, "a string", json);
        }
        return json.textValue();
    }

    static long int64(String what, JsonNode json) {
        if (!json.isIntegralNumber() || !json.canConvertToLong()) {
            throw wrong(what, "a whole number of 64 bits", json);
        }
        return json.longValue();
    }

    static Uint64 uint64(String what, JsonNode json) {
        if (!json.isIntegralNumber() || !Uint64.fits(json.bigIntegerValue())) {
            throw wrong(what, "a whole number of 64 bits without sign", json);
        }
        return Uint64.of(json.bigIntegerValue());
    }

    static double number(String what, JsonNode json) {
        if (!json.isNumber()) {
            throw wrong(what, "a number", json);
        }
        return json.doubleValue();
    }

    static boolean bool(String what, JsonNode json) {
        if (!json.isBoolean()) {
            throw wrong(what, "true or false", json);
        }
        return json.booleanValue();
    }

    static <T> List<T> list(String what, JsonNode json, Function<JsonNode, T> element) {
        if (!json.isArray()) {
            throw wrong(what, "a list", json);
        }
        List<T> list = new ArrayList<>(json.size());
        json.forEach(value -> list.add(element.apply(value)));
        return list;
    }

    static String string(JsonNode element) {
        return string("an element", element);
    }

    static long int64(JsonNode element) {
        return int64("an element", element);
    }

    static Uint64 uint64(JsonNode element) {
        return uint64("an element", element);
    }

    static double number(JsonNode element) {
        return number("an element", element);
    }

    static boolean bool(JsonNode element) {
        return bool("an element", element);
    }

    static JsonNode ofString(String value) {
        return JSON.textNode(value);
    }

    static JsonNode ofInt64(long value) {
        return JSON.numberNode(value);
    }

    static JsonNode ofUint64(Uint64 value) {
        return value.longValue() >= 0 ? JSON.numberNode(value.longValue()) : JSON.numberNode(value.toBigInteger());
    }

    static JsonNode ofNumber(double value) {
        return JSON.numberNode(value);
    }

    static JsonNode ofBool(boolean value) {
        return JSON.booleanNode(value);
    }

    static JsonNode ofNull() {
        return JSON.nullNode();
    }

    static <T> JsonNode ofList(List<T> values, Function<T, JsonNode> element) {
        var array = JSON.arrayNode(values.size());
        values.forEach(value -> array.add(element.apply(value)));
        return array;
    }

    static UnexpectedValueException wrong(String what, String kind, JsonNode value) {
        return new UnexpectedValueException(what + " is " + kind + ", and QEMU sent " + describe(value));
    }

    /** The peer is not trusted: a text of its own is not repeated. */
    private static String describe(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "a list";
            case STRING -> "a string";
            case NUMBER -> "the number " + value.asText();
            case BOOLEAN -> value.asText();
            case NULL -> "null";
            case MISSING, BINARY, POJO -> "nothing";
        };
    }
}
