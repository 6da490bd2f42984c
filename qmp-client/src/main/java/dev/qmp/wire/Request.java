package dev.qmp.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * A command on its way to QEMU.
 *
 * @param id small, because QEMU reads its monitor byte by byte: each costs a microsecond or more
 * @param arguments null or empty where the command has none
 * @param outOfBand whether it overtakes the commands before it; a peer that has not agreed to that refuses it
 */
public record Request(long id, String command, @Nullable ObjectNode arguments, boolean outOfBand) {

    /** A command that waits its turn. */
    public Request(long id, String command, @Nullable ObjectNode arguments) {
        this(id, command, arguments, false);
    }
}
