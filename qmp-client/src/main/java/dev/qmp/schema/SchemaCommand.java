package dev.qmp.schema;

import java.util.Set;

/**
 * A command that a QEMU offers.
 *
 * @param argumentType the name of its arguments' type, for {@link QmpSchema#type}
 * @param returnType the name of its reply's type
 * @param allowOob it may be sent out of band, by {@code exec-oob}
 * @param successResponse QEMU answers when it succeeds; false for those commands that answer only a failure
 */
public record SchemaCommand(
        String name,
        String argumentType,
        String returnType,
        Set<String> features,
        boolean allowOob,
        boolean successResponse)
        implements Featured {

    public SchemaCommand {
        features = Set.copyOf(features);
    }
}
