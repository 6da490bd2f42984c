package dev.qmp.qapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.error.UnexpectedValueException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The members of one JSON object while it becomes a value: each is asked for once, and what nobody asked for is the rest.
 * The generated types read themselves with it.
 */
final class Members {

    private final String type;
    private final JsonNode json;
    private final Set<String> read = new HashSet<>();

    private Members(String type, JsonNode json) {
        this.type = type;
        this.json = json;
    }

    /**
     * @param type QAPI's name of what the object is, for messages
     * @throws UnexpectedValueException where {@code json} is no object
     */
    static Members of(String type, JsonNode json) {
        if (!json.isObject()) {
            throw Scalars.wrong(type, "an object", json);
        }
        return new Members(type, json);
    }

    /** A mandatory member. */
    JsonNode get(String name) {
        JsonNode value = find(name);
        if (value == null) {
            throw new UnexpectedValueException(type + " always has '" + name + "', and QEMU left it out");
        }
        return value;
    }

    /** An optional member, null where it is absent. JSON's {@code null} is a value. */
    @Nullable
    JsonNode find(String name) {
        JsonNode value = json.get(name);
        if (value != null) {
            read.add(name);
        }
        return value;
    }

    /** The value of a union's tag, which is still to be asked for; empty where there is none. */
    String peek(String tag) {
        JsonNode value = json.get(tag);
        return value == null ? "" : Scalars.string(at(tag), value);
    }

    void skip(String name) {
        read.add(name);
    }

    String string(String name) {
        return Scalars.string(at(name), get(name));
    }

    @Nullable
    String optionalString(String name) {
        JsonNode value = find(name);
        return value == null ? null : Scalars.string(at(name), value);
    }

    long int64(String name) {
        return Scalars.int64(at(name), get(name));
    }

    @Nullable
    Long optionalInt64(String name) {
        JsonNode value = find(name);
        return value == null ? null : Scalars.int64(at(name), value);
    }

    Uint64 uint64(String name) {
        return Scalars.uint64(at(name), get(name));
    }

    @Nullable
    Uint64 optionalUint64(String name) {
        JsonNode value = find(name);
        return value == null ? null : Scalars.uint64(at(name), value);
    }

    double number(String name) {
        return Scalars.number(at(name), get(name));
    }

    @Nullable
    Double optionalNumber(String name) {
        JsonNode value = find(name);
        return value == null ? null : Scalars.number(at(name), value);
    }

    boolean bool(String name) {
        return Scalars.bool(at(name), get(name));
    }

    @Nullable
    Boolean optionalBool(String name) {
        JsonNode value = find(name);
        return value == null ? null : Scalars.bool(at(name), value);
    }

    <T> List<T> list(String name, Function<JsonNode, T> element) {
        return Scalars.list(at(name), get(name), element);
    }

    @Nullable
    <T> List<T> optionalList(String name, Function<JsonNode, T> element) {
        JsonNode value = find(name);
        return value == null ? null : Scalars.list(at(name), value, element);
    }

    /** An optional member of any type, null where it is absent. */
    <T> @Nullable T optional(String name, Function<JsonNode, T> reader) {
        JsonNode value = find(name);
        return value == null ? null : reader.apply(value);
    }

    /** The members that nobody asked for. */
    Map<String, JsonValue> rest() {
        if (read.size() == json.size()) {
            return Map.of();
        }
        Map<String, JsonValue> rest = new LinkedHashMap<>();
        json.properties().forEach(member -> {
            if (!read.contains(member.getKey())) {
                rest.put(member.getKey(), JsonValue.of(member.getValue()));
            }
        });
        return rest;
    }

    /** A new object with the members that this build does not know. */
    static ObjectNode json(Map<String, JsonValue> unknownMembers) {
        ObjectNode json = Scalars.object();
        putAll(json, unknownMembers);
        return json;
    }

    /** @throws IllegalArgumentException where the tag's value has a record of its own */
    static void noBranch(String union, @Nullable QapiEnum tag, Set<String> branches) {
        if (tag != null && branches.contains(tag.value())) {
            throw new IllegalArgumentException(
                    "a " + union + " that is '" + tag.value() + "' has a type of its own: use that one");
        }
    }

    /** @throws IllegalStateException where a builder was not given the mandatory member */
    static <T> T given(String type, String name, @Nullable T value) {
        if (value == null) {
            throw new IllegalStateException(type + " needs '" + name + "'");
        }
        return value;
    }

    static void putAll(ObjectNode json, Map<String, JsonValue> unknownMembers) {
        unknownMembers.forEach((name, value) -> json.set(name, value.toJson()));
    }

    private String at(String name) {
        return "'" + name + "' of " + type;
    }
}
