package dev.qmp.generator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One recorded {@code query-qmp-schema}, as it is: types under their masked names, which mean nothing outside this schema.
 * Unlike a client, which takes what it gets, this stops at whatever it does not know.
 *
 * @param version of QEMU, such as {@code 10.0}
 * @param program that published it, such as {@code qemu-storage-daemon}
 * @param entries commands, events and types by their names
 */
public record Schema(String version, String program, Map<String, Entry> entries) {

    /** A command, an event or a type. */
    public sealed interface Entry {

        String name();
    }

    public record Command(String name, String arguments, String result, Set<String> features, boolean outOfBand)
            implements Entry {}

    public record Event(String name, String arguments, Set<String> features) implements Entry {}

    /**
     * A type without parts.
     *
     * @param jsonType {@code string}, {@code int}, {@code number}, {@code boolean}, {@code null} or {@code value}
     */
    public record Builtin(String name, String jsonType) implements Entry {}

    public record Enumeration(String name, List<Value> values) implements Entry {}

    public record Value(String name, Set<String> features) {}

    public record Array(String name, String element) implements Entry {}

    /** A struct, or a flat union where it has a tag: then {@code variants} gives a type for each value of the tag. */
    public record ObjectType(
            String name, List<Member> members, Optional<String> tag, Map<String, String> variants, Set<String> features)
            implements Entry {}

    public record Member(String name, String type, boolean optional, Set<String> features) {}

    public record Alternate(String name, List<String> types) implements Entry {}

    /** Reads what {@code query-qmp-schema} returned to the version's folder: {@code FOLDER/VERSION/PROGRAM.json}. */
    public static Schema read(Path folder, String version, String program) {
        try {
            Path file = folder.resolve(version).resolve(program + ".json");
            Map<String, Entry> entries = new LinkedHashMap<>();
            for (JsonNode json : new JsonMapper().readTree(file.toFile())) {
                Entry entry = entry(json);
                entries.put(entry.name(), entry);
            }
            return new Schema(version, program, entries);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The type of that name, which the schema must have. */
    public Entry type(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalStateException("the schema of " + program + " " + version + " has no type " + name);
        }
        return entry;
    }

    /** The type that is left when arrays are taken off. */
    public Entry elementType(String name) {
        Entry type = type(name);
        return type instanceof Array array ? elementType(array.element()) : type;
    }

    private static Entry entry(JsonNode json) {
        String name = json.required("name").textValue();
        String kind = json.required("meta-type").textValue();
        return switch (kind) {
            case "command" ->
                new Command(
                        name,
                        text(json, "arg-type"),
                        text(json, "ret-type"),
                        features(json),
                        json.path("allow-oob").asBoolean());
            case "event" -> new Event(name, text(json, "arg-type"), features(json));
            case "builtin" -> new Builtin(name, text(json, "json-type"));
            case "enum" -> new Enumeration(name, values(json));
            case "array" -> new Array(name, text(json, "element-type"));
            case "object" ->
                new ObjectType(
                        name,
                        members(json),
                        Optional.ofNullable(json.path("tag").textValue()),
                        variants(json),
                        features(json));
            case "alternate" -> new Alternate(name, json.required("members").findValuesAsText("type"));
            default ->
                throw new IllegalStateException(
                        "this QEMU's schema has a kind of type that the generator does not know: " + kind);
        };
    }

    private static List<Value> values(JsonNode json) {
        List<Value> values = new ArrayList<>();
        for (JsonNode value : json.required("members")) {
            values.add(new Value(text(value, "name"), features(value)));
        }
        return values;
    }

    private static List<Member> members(JsonNode json) {
        List<Member> members = new ArrayList<>();
        for (JsonNode member : json.required("members")) {
            // Only the presence of "default" says anything: its value is always null.
            members.add(
                    new Member(text(member, "name"), text(member, "type"), member.has("default"), features(member)));
        }
        return members;
    }

    private static Map<String, String> variants(JsonNode json) {
        Map<String, String> variants = new LinkedHashMap<>();
        json.path("variants").forEach(variant -> variants.put(text(variant, "case"), text(variant, "type")));
        return variants;
    }

    private static Set<String> features(JsonNode json) {
        Set<String> features = new LinkedHashSet<>();
        json.path("features").forEach(feature -> features.add(feature.textValue()));
        return features;
    }

    private static String text(JsonNode json, String key) {
        return json.required(key).textValue();
    }
}
