package dev.qmp.schema;

import dev.qmp.schema.SchemaType.Alternate;
import dev.qmp.schema.SchemaType.Array;
import dev.qmp.schema.SchemaType.Enumeration;
import dev.qmp.schema.SchemaType.ObjectType;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Paths through types that recur. A step looks at every type that a value can be without a further name: the elements of
 * an array, the alternatives, the branches of a union. Each type is looked at once a step, so a schema that runs in
 * circles, be it QEMU's or an attacker's, ends as well.
 */
final class SchemaWalk {

    private final QmpSchema schema;

    SchemaWalk(QmpSchema schema) {
        this.schema = schema;
    }

    /** The members at the end of the dotted path that starts at the type. */
    List<SchemaMember> members(String typeName, String path) {
        Set<String> types = Set.of(typeName);
        Set<SchemaMember> found = Set.of();
        for (String step : path.split("\\.", -1)) {
            found = new LinkedHashSet<>();
            for (SchemaType type : reachable(types)) {
                if (type instanceof ObjectType object) {
                    object.members().stream().filter(m -> m.name().equals(step)).forEach(found::add);
                }
            }
            types = new LinkedHashSet<>();
            for (SchemaMember member : found) {
                types.add(member.type());
            }
        }
        return List.copyOf(found);
    }

    boolean hasValue(String typeName, String value) {
        return reachable(Set.of(typeName)).stream()
                .anyMatch(type -> type instanceof Enumeration enumeration && enumeration.has(value));
    }

    private Collection<SchemaType> reachable(Set<String> names) {
        Set<SchemaType> seen = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(names);
        while (!open.isEmpty()) {
            SchemaType type = schema.type(open.remove());
            if (!seen.add(type)) {
                continue;
            }
            if (type instanceof Array array) {
                open.add(array.element());
            } else if (type instanceof Alternate alternate) {
                open.addAll(alternate.types());
            } else if (type instanceof ObjectType object) {
                open.addAll(object.variants().values());
            }
        }
        return seen;
    }
}
