package dev.qmp.schema;

import java.util.Set;

/**
 * A member of an object type: an argument of a command, or a field of a reply or an event.
 *
 * @param type the name of its type, for {@link QmpSchema#type}
 * @param optional it may be left out; the schema has no default values, so what QEMU then takes is in its manual only
 */
public record SchemaMember(String name, String type, boolean optional, Set<String> features) implements Featured {

    public SchemaMember {
        features = Set.copyOf(features);
    }
}
