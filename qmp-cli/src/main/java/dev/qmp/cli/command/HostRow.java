package dev.qmp.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * A QEMU as {@code list} shows it.
 *
 * @param state its run state; null where it could not be asked
 * @param monitor a TARGET, or null where no monitor of its can be connected to
 * @param busy whether another client holds the monitor
 * @param remark what keeps us from asking, or who holds the monitor; null for nothing
 */
record HostRow(
        long pid,
        @Nullable String name,
        @Nullable String state,
        @Nullable String version,
        @Nullable String monitor,
        boolean busy,
        @Nullable String remark) {

    ObjectNode document() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("pid", pid)
                .put("name", name)
                .put("state", state)
                .put("version", version)
                .put("monitor", monitor)
                .put("busy", busy);
    }

    String stateText() {
        return state != null ? state : busy ? "busy" : "-";
    }

    String monitorText() {
        String where = monitor == null ? "-" : monitor;
        return remark == null ? where : where + " (" + remark + ")";
    }
}
