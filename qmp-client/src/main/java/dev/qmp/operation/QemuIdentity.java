package dev.qmp.operation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.transport.PeerCredentials;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Which process a QEMU is, as far as this host can tell.
 *
 * @param pid its number; -1 where nobody tells
 * @param started when it began, in the kernel's clock ticks since boot ({@code /proc/PID/stat}); -1 where nobody tells
 * @param boot the kernel's id of this boot; empty where nobody tells
 */
record QemuIdentity(int pid, long started, String boot) {

    static final QemuIdentity UNKNOWN = new QemuIdentity(-1, -1, "");

    static QemuIdentity of(Optional<PeerCredentials> peer) {
        int pid = peer.map(PeerCredentials::pid).orElse(-1);
        if (pid <= 0) {
            return UNKNOWN;
        }
        try {
            String stat =
                    Files.readString(Path.of("/proc", Integer.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            // Field 22, counted behind the name, which is in brackets and may hold any character.
            List<String> fields =
                    List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
            String boot =
                    Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
            return new QemuIdentity(pid, Long.parseLong(fields.get(19)), boot);
        } catch (IOException | RuntimeException e) {
            return UNKNOWN;
        }
    }

    boolean known() {
        return pid > 0;
    }

    ObjectNode toJson() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("pid", pid)
                .put("started", started)
                .put("boot", boot);
    }

    static QemuIdentity read(JsonNode json) {
        return new QemuIdentity(
                json.path("pid").asInt(-1),
                json.path("started").asLong(-1),
                json.path("boot").asText(""));
    }
}
