package dev.qmp.generator.manual;

import dev.qmp.generator.Schema;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Takes a table's lines to a schema, as the generator does: from commands and events on, until no line adds a name. */
final class Lookup {

    private final Schema schema;
    private final Map<String, String> types = new LinkedHashMap<>();
    private final Map<String, String> masked = new HashMap<>();
    private final Set<String> conflicts = new HashSet<>();

    private Lookup(Schema schema) {
        this.schema = schema;
    }

    static Lookup in(Schema schema, Collection<Table.Line> lines) {
        Lookup lookup = new Lookup(schema);
        List<Table.Line> left = lines.stream()
                .filter(line -> line.kind() == Table.Kind.TYPE && line.holdsIn(schema.version()))
                .toList();
        int before = -1;
        while (before < lookup.types.size()) {
            before = lookup.types.size();
            left.forEach(line -> lookup.name(line.value(), Where.of(line.where())));
        }
        return lookup;
    }

    /** Public names by masked names. */
    Map<String, String> types() {
        return types;
    }

    /** Lines that give a type a second name, or a name a second type. */
    Set<String> conflicts() {
        return conflicts;
    }

    /** The command, event or type of that name. */
    Optional<Schema.Entry> owner(String name) {
        // A command's name is what it is in the schema; a number is no public name.
        Schema.Entry entry = schema.entries().get(name);
        if (entry instanceof Schema.Command || entry instanceof Schema.Event) {
            return Optional.of(entry);
        }
        return Optional.ofNullable(masked.get(name)).map(schema::type);
    }

    Optional<Schema.Entry> at(Where where) {
        return owner(where.owner()).flatMap(entry -> where.in(schema, entry));
    }

    private void name(String name, Where where) {
        at(where).filter(type -> !(type instanceof Schema.Builtin)).ifPresent(type -> {
            String present = types.putIfAbsent(type.name(), name);
            String other = masked.putIfAbsent(name, type.name());
            if ((present != null && !present.equals(name)) || (other != null && !other.equals(type.name()))) {
                conflicts.add(name + " at " + where);
            }
        });
    }
}
