package dev.qmp.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.error.ProtocolViolationException;
import dev.qmp.error.ProtocolViolationException.Kind;
import dev.qmp.schema.SchemaType.Alternate;
import dev.qmp.schema.SchemaType.Array;
import dev.qmp.schema.SchemaType.Builtin;
import dev.qmp.schema.SchemaType.Enumeration;
import dev.qmp.schema.SchemaType.ObjectType;
import dev.qmp.schema.SchemaType.Unknown;
import dev.qmp.wire.QemuVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The entries of {@code query-qmp-schema} as values: the only file that knows how QEMU spells its schema. */
final class SchemaReader {

    private final Map<String, SchemaCommand> commands = new HashMap<>();
    private final Map<String, SchemaEvent> events = new HashMap<>();
    private final Map<String, SchemaType> types = new HashMap<>();

    private SchemaReader() {}

    static QmpSchema read(JsonNode entries, @Nullable QemuVersion version) {
        if (!entries.isArray()) {
            throw new ProtocolViolationException(Kind.UNEXPECTED, "the peer's schema is no array", null);
        }
        SchemaReader reader = new SchemaReader();
        entries.forEach(reader::add);
        return new QmpSchema(reader.commands, reader.events, reader.types, version);
    }

    private void add(JsonNode entry) {
        String name = text(entry, "name");
        if (name.isEmpty()) {
            return;
        }
        String metaType = text(entry, "meta-type");
        switch (metaType) {
            case "command" -> commands.put(name, command(name, entry));
            case "event" -> events.put(name, new SchemaEvent(name, text(entry, "arg-type"), features(entry)));
            case "builtin" -> types.put(name, new Builtin(name, text(entry, "json-type")));
            case "enum" -> types.put(name, enumeration(name, entry));
            case "array" -> types.put(name, new Array(name, text(entry, "element-type")));
            case "object" -> types.put(name, object(name, entry));
            case "alternate" -> types.put(name, alternate(name, entry));
            default -> types.put(name, new Unknown(name, metaType));
        }
    }

    private static SchemaCommand command(String name, JsonNode entry) {
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
