package dev.qmp.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whatever a QMP server sends ("QEMU Machine Protocol Specification"). Members that we do not know are kept where a
 * message carries the peer's own JSON, and ignored elsewhere.
 */
public sealed interface Message {

    /**
     * The first thing that a server says.
     *
     * @param version QEMU's own version
     * @param capabilities what can be enabled in the negotiation, for example {@code oob}
     */
    record Greeting(QemuVersion version, List<String> capabilities) implements Message {
        public Greeting {
            capabilities = List.copyOf(capabilities);
        }
    }

    /**
     * A command's success.
     *
     * @param id as it came; null where the reply has none
     * @param result the member {@code return}, of any JSON type
     */
    record Reply(@Nullable JsonNode id, JsonNode result) implements Message {}

    /**
     * A command's refusal, or, without an id, QEMU's complaint about bytes that it could not parse.
     *
     * @param id as it came; null where the error has none
     * @param errorClass QEMU's {@code class}
     * @param desc QEMU's {@code desc}
     */
    record Failure(@Nullable JsonNode id, String errorClass, String desc) implements Message {}

    /**
     * Something happened.
     *
     * @param name QEMU's name, upper case with underscores; any name is an event
     * @param data an object; an empty one where the event has no data
     * @param timestamp QEMU's clock, null where the host could not tell (QEMU then sends -1)
     */
    record Event(String name, JsonNode data, @Nullable Instant timestamp) implements Message {

        /** The text of a member of {@link #data}, empty where it is absent or no string. */
        public Optional<String> text(String member) {
            JsonNode value = data.path(member);
            return value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
        }
    }
}
