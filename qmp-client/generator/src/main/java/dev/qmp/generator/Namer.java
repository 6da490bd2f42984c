package dev.qmp.generator;

import dev.qmp.generator.Schema.Alternate;
import dev.qmp.generator.Schema.Array;
import dev.qmp.generator.Schema.Builtin;
import dev.qmp.generator.Schema.Command;
import dev.qmp.generator.Schema.Entry;
import dev.qmp.generator.Schema.Enumeration;
import dev.qmp.generator.Schema.Event;
import dev.qmp.generator.Schema.Member;
import dev.qmp.generator.Schema.ObjectType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Gives the masked types of one schema their public names, going out from its commands and events. A type that the table
 * does not name is named after the first place that it is used at, once nothing else can be named.
 */
final class Namer {

    private final Schema schema;
    private final Names table;
    /** Public names by masked ones. */
    private final Map<String, String> names = new LinkedHashMap<>();
    /** Masked names by public ones. */
    private final Map<String, String> masked = new LinkedHashMap<>();
    /** Types that are used somewhere and have no name yet, with the first place of their use. */
    private final Map<String, String> waiting = new LinkedHashMap<>();

    private final Map<String, String> notInTable = new TreeMap<>();
    /** All places by the masked names of the types that stand there. */
    private final Map<String, List<String>> places = new HashMap<>();

    private final Deque<String> toVisit = new ArrayDeque<>();

    private Namer(Schema schema, Names table) {
        this.schema = schema;
        this.table = table;
    }

    /**
     * The names of one schema's types.
     *
     * @param names public names by masked ones; the objects that are a command's or an event's arguments and nothing else
     *     have none
     * @param notInTable the names that were made up, with the places that they were made from
     * @param placesOfThese all places of the types with such names, so that another schema calls them the same
     */
    record Result(Map<String, String> names, Map<String, String> notInTable, Map<String, String> placesOfThese) {}

    static Result name(Schema schema, Names table) {
        Namer namer = new Namer(schema, table);
        new TreeMap<>(schema.entries()).values().forEach(namer::start);
        namer.finish();
        return new Result(namer.names, namer.notInTable, namer.placesOfThese());
    }

    private Map<String, String> placesOfThese() {
        Map<String, String> result = new TreeMap<>();
        for (String name : notInTable.keySet()) {
            places.getOrDefault(masked.get(name), List.of()).forEach(place -> result.put(place, name));
        }
        return result;
    }

    private void start(Entry entry) {
        if (entry instanceof Command command) {
            arguments(command.name(), command.arguments());
            reach(command.name() + ":return", command.result());
        } else if (entry instanceof Event event) {
            arguments(event.name(), event.arguments());
        }
    }

    /** Arguments mostly have no name of their own; then their members' places begin with the command's. */
    private void arguments(String owner, String type) {
        ObjectType object = (ObjectType) schema.type(type);
        if (table.type(owner, schema.version()).isPresent() || object.tag().isPresent()) {
            reach(owner, type);
        }
        visit(owner, object);
    }

    private void finish() {
        while (true) {
            while (!toVisit.isEmpty()) {
                String type = toVisit.remove();
                visit(Objects.requireNonNull(names.get(type)), schema.type(type));
            }
            Optional<Map.Entry<String, String>> next = waiting.entrySet().stream()
                    .filter(e -> !names.containsKey(e.getKey()))
                    .findFirst();
            if (next.isEmpty()) {
                return;
            }
            String where = next.get().getValue();
            String name = madeUp(next.get().getKey(), where);
            notInTable.put(name, where);
            give(next.get().getKey(), name, where);
        }
    }

    /** The name that another schema's type at one of these places was given, else one after the first place. */
    private String madeUp(String type, String where) {
        return places.getOrDefault(type, List.of()).stream()
                .flatMap(place -> table.madeUp(place).stream())
                .filter(name -> !masked.containsKey(name))
                .findFirst()
                .orElseGet(() -> JavaNames.typeAt(where));
    }

    private void visit(String owner, Entry type) {
        if (type instanceof ObjectType object) {
            for (Member member : object.members()) {
                reach(owner + "." + member.name(), member.type());
            }
            object.variants().forEach((tag, branch) -> reach(owner + "=" + tag, branch));
        } else if (type instanceof Alternate alternate) {
            for (String alternative : alternate.types()) {
                reach(owner + "|" + kind(schema, alternative), alternative);
            }
        }
    }

    private void reach(String where, String type) {
        Entry element = schema.elementType(type);
        if (element instanceof Builtin || isEmpty(element)) {
            return;
        }
        places.computeIfAbsent(element.name(), n -> new ArrayList<>()).add(where);
        Optional<String> name = table.type(where, schema.version());
        if (name.isPresent()) {
            give(element.name(), name.get(), where);
        } else {
            waiting.putIfAbsent(element.name(), where);
        }
    }

    private void give(String type, String name, String where) {
        String before = names.putIfAbsent(type, name);
        String other = masked.putIfAbsent(name, type);
        if (before != null && !before.equals(name)) {
            throw conflict(where + " is called " + name + ", and elsewhere " + before);
        }
        if (other != null && !other.equals(type)) {
            throw conflict(where + " is called " + name + ", and so is another type");
        }
        if (before == null) {
            toVisit.add(type);
        }
    }

    private IllegalStateException conflict(String what) {
        return new IllegalStateException(schema.program() + " " + schema.version() + ": " + what);
    }

    static boolean isEmpty(Entry type) {
        return type instanceof ObjectType object
                && object.members().isEmpty()
                && object.tag().isEmpty();
    }

    /** By what a value of the type is known in JSON. */
    static String kind(Schema schema, String type) {
        Entry entry = schema.type(type);
        if (entry instanceof Builtin builtin) {
            return builtin.jsonType();
        }
        if (entry instanceof Enumeration) {
            return "string";
        }
        return entry instanceof Array ? "array" : "object";
    }
}
