package dev.qmp.schema;

import java.util.Set;

/**
 * Commands that take more than their schema shows, which no member of the schema tells: QAPI's {@code gen: false} is not
 * published. The properties of a device depend on its driver (seen on QEMU 7.2 to 11.1).
 */
final class OpenEnded {

    private static final Set<String> COMMANDS = Set.of("device_add");

    private OpenEnded() {}

    static boolean is(String command) {
        return COMMANDS.contains(command);
    }
}
