package dev.qmp.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.schema.SchemaType.Alternate;
import dev.qmp.schema.SchemaType.Array;
import dev.qmp.schema.SchemaType.Builtin;
import dev.qmp.schema.SchemaType.Enumeration;
import dev.qmp.schema.SchemaType.ObjectType;
import dev.qmp.schema.SchemaType.Unknown;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Entries of {@code query-qmp-schema} as values: the only file that knows how QEMU spells them. */
final class SchemaReader {

    private SchemaReader() {}

    static SchemaEvent event(String name, JsonNode entry) {
        return new SchemaEvent(name, text(entry, "arg-type"), features(entry));
    }

    static SchemaType type(String name, JsonNode entry) {
        String metaType = text(entry, "meta-type");
        return switch (metaType) {
            case "builtin" -> new Builtin(name, text(entry, "json-type"));
            case "enum" -> enumeration(name, entry);
            case "array" -> new Array(name, text(entry, "element-type"));
            case "object" -> object(name, entry);
            case "alternate" -> alternate(name, entry);
            default -> new Unknown(name, metaType);
        };
    }

    static SchemaCommand command(String name, JsonNode entry) {
        return new SchemaCommand(
                name,
                text(entry, "arg-type"),
                text(entry, "ret-type"),
                features(entry),
                entry.path("allow-oob").asBoolean(false),
                entry.path("success-response").asBoolean(true));
    }

    /** QEMU has both "members" and the older "values" since 6.2; only the first carries features. */
    private static Enumeration enumeration(String name, JsonNode entry) {
        List<Enumeration.Value> values = new ArrayList<>();
        if (entry.has("members")) {
            entry.path("members").forEach(m -> values.add(new Enumeration.Value(text(m, "name"), features(m))));
        } else {
            entry.path("values").forEach(v -> values.add(new Enumeration.Value(v.asText(), Set.of())));
        }
        return new Enumeration(name, values);
    }

    /** An optional member is one that has "default"; its value is null in all QEMUs seen, and says nothing. */
    private static ObjectType object(String name, JsonNode entry) {
        List<SchemaMember> members = new ArrayList<>();
        entry.path("members")
                .forEach(m ->
                        members.add(new SchemaMember(text(m, "name"), text(m, "type"), m.has("default"), features(m))));
        Map<String, String> variants = new LinkedHashMap<>();
        entry.path("variants").forEach(v -> variants.put(text(v, "case"), text(v, "type")));
        Optional<String> tag = Optional.of(text(entry, "tag")).filter(t -> !t.isEmpty());
        return new ObjectType(name, members, tag, variants, features(entry));
    }

    private static Alternate alternate(String name, JsonNode entry) {
        List<String> types = new ArrayList<>();
        entry.path("members").forEach(m -> types.add(text(m, "type")));
        return new Alternate(name, types);
    }

    private static Set<String> features(JsonNode entry) {
        Set<String> features = new LinkedHashSet<>();
        entry.path("features").forEach(f -> features.add(f.asText()));
        return features;
    }

    private static String text(JsonNode entry, String key) {
        return entry.path(key).asText("");
    }
}
