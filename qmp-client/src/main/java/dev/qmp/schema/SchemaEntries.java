package dev.qmp.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.qmp.error.UnexpectedValueException;
import dev.qmp.wire.WireLimits;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The entries of {@code query-qmp-schema} by what they describe and by name. There are a thousand of them, and whoever sends
 * a command needs a dozen: as lines, each is parsed when it is asked for.
 */
final class SchemaEntries {

    private static final String COMMAND = "command";
    private static final String EVENT = "event";
    private static final String TYPE = "type";

    private final SortedMap<String, Supplier<JsonNode>> commands = new TreeMap<>();
    private final SortedMap<String, Supplier<JsonNode>> events = new TreeMap<>();
    private final Map<String, Supplier<JsonNode>> types = new HashMap<>();

    private SchemaEntries() {}

    static SchemaEntries of(JsonNode array) {
        if (!array.isArray()) {
            throw new UnexpectedValueException("a schema is a list, and QEMU sent none");
        }
        SchemaEntries entries = new SchemaEntries();
        for (JsonNode entry : array) {
            String name = entry.path("name").asText("");
            if (!name.isEmpty()) {
                String kind = entry.path("meta-type").asText("");
                entries.byKind(kind).put(name, () -> entry);
            }
        }
        return entries;
    }

    /**
     * What {@link #lines()} gave.
     *
     * @param limits what one entry may be made of
     * @throws IllegalArgumentException where a line is none of its lines
     */
    static SchemaEntries ofLines(String text, WireLimits limits) {
        ObjectMapper mapper = new ObjectMapper(JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(limits.nestingDepth())
                        .maxStringLength(limits.stringLength())
                        .maxNumberLength(limits.numberLength())
                        .build())
                .build());
        SchemaEntries entries = new SchemaEntries();
        int start = 0;
        while (start < text.length()) {
            int name = text.indexOf(' ', start) + 1;
            int json = text.indexOf(' ', name) + 1;
            int end = text.indexOf('\n', json);
            if (name <= 0 || json <= 0 || end < 0) {
                throw new IllegalArgumentException("there is a line that is no entry");
            }
            String entry = text.substring(json, end);
            entries.byKind(text.substring(start, name - 1))
                    .put(text.substring(name, json - 1), () -> parse(mapper, entry));
            start = end + 1;
        }
        return entries;
    }

    /** What is no JSON, or beyond the limits, is as much as nothing: an entry of a kind that is not known. */
    private static JsonNode parse(ObjectMapper mapper, String entry) {
        try {
            return mapper.readTree(entry);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    /** A line for each: what it describes, its name, its JSON; empty where a name is such as no line can hold. */
    Optional<String> lines() {
        StringBuilder text = new StringBuilder(1 << 18);
        return lines(text, COMMAND, commands) && lines(text, EVENT, events) && lines(text, TYPE, types)
                ? Optional.of(text.toString())
                : Optional.empty();
    }

    private static boolean lines(StringBuilder text, String kind, Map<String, Supplier<JsonNode>> entries) {
        for (Map.Entry<String, Supplier<JsonNode>> entry : entries.entrySet()) {
            if (entry.getKey().chars().anyMatch(c -> c <= ' ')) {
                return false;
            }
            text.append(kind).append(' ').append(entry.getKey()).append(' ');
            text.append(entry.getValue().get()).append('\n');
        }
        return true;
    }

    private Map<String, Supplier<JsonNode>> byKind(String kind) {
        return switch (kind) {
            case COMMAND -> commands;
            case EVENT -> events;
            default -> types;
        };
    }

    SortedMap<String, Supplier<JsonNode>> commands() {
        return commands;
    }

    SortedMap<String, Supplier<JsonNode>> events() {
        return events;
    }

    Map<String, Supplier<JsonNode>> types() {
        return types;
    }
}
