package dev.qmp.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * One value as the user gave it, on its way down the types.
 *
 * @param key its name as written, for messages
 * @param path the names that still lead to it from where it is looked at; empty where it is the value itself
 */
record Given(String key, List<String> path, Value value) {

    sealed interface Value {}

    /** A text whose meaning the type of the argument decides. */
    record Text(String text) implements Value {}

    /** JSON, which goes to QEMU as it is. */
    record Json(JsonNode json) implements Value {}

    Given {
        path = List.copyOf(path);
    }

    static Given text(String key, String text) {
        return new Given(key, List.of(key.split("\\.", -1)), new Text(text));
    }

    static Given json(String key, JsonNode json) {
        return new Given(key, List.of(key.split("\\.", -1)), new Json(json));
    }

    /** A member of a JSON object: a dot in its name is a part of it. */
    static Given member(String name, JsonNode json) {
        return new Given(name, List.of(name), new Json(json));
    }

    boolean isHere() {
        return path.isEmpty();
    }

    Given below(int names) {
        return new Given(key, path.subList(names, path.size()), value);
    }

    String rest() {
        return String.join(".", path);
    }
}
