package dev.qmp.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * A command on its way to QEMU.
 *
 * @param id small, because QEMU reads its monitor byte by byte: each costs a microsecond or more
 * @param arguments null or empty where the command has none
 */
public record Request(long id, String command, @Nullable ObjectNode arguments) {}
