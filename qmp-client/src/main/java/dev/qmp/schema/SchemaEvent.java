package dev.qmp.schema;

import java.util.Set;

/**
 * An event that a QEMU can send.
 *
 * @param dataType the name of the type of its {@code data}, for {@link QmpSchema#type}
 */
public record SchemaEvent(String name, String dataType, Set<String> features) implements Featured {

    public SchemaEvent {
        features = Set.copyOf(features);
    }
}
