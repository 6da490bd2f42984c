package dev.qmp.cli.render;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.qmp.session.TrafficListener.Direction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrafficTest {

    private static final Instant AT = Instant.parse("2026-11-23T10:15:30.123Z");

    @TempDir
    private Path temp;

    @Test
    void what_a_terminal_would_obey_is_escaped_and_stays_the_same_json() throws IOException {
        Screen screen = Screen.terminal();
        try (Traffic traffic = new Traffic(screen.console, null)) {
            traffic.document(Direction.RECEIVED, AT, "{\"desc\":\"\u009b2J\u202e\u007f\"}");
        }
        assertThat(screen.errLines()).containsExactly("<- {\"desc\":\"\\u009b2J\\u202e\\u007f\"}");
    }

    @Test
    void sent_and_received_are_told_apart_on_stderr() throws IOException {
        Screen screen = Screen.pipe();
        try (Traffic traffic = new Traffic(screen.console, null)) {
            traffic.document(Direction.SENT, AT, "{\"execute\":\"query-status\"}");
            traffic.document(Direction.RECEIVED, AT, "{\"return\":{}}");
        }
        assertThat(screen.errLines()).containsExactly("-> {\"execute\":\"query-status\"}", "<- {\"return\":{}}");
        assertThat(screen.out.toString()).isEmpty();
    }

    @Test
    void a_recording_is_a_document_a_line_with_its_time_and_direction() throws IOException {
        Path file = temp.resolve("session.ndjson");
        Files.writeString(file, "an older recording\n");
        try (Traffic traffic = new Traffic(null, file)) {
            traffic.document(Direction.SENT, AT, "{\"execute\":\"x\",\"arguments\":{\"password\":\"geheim\"}}");
            assertThat(file).as("line by line, not at the end").content().contains("execute");
            traffic.document(Direction.RECEIVED, AT, "not json");
        }
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(2).noneMatch(line -> line.contains("geheim"));
        for (String line : lines) {
            JsonNode document = new ObjectMapper().readTree(line);
            assertThat(document.fieldNames()).toIterable().containsExactly("time", "direction", "message");
            assertThat(document.path("time").asText()).isEqualTo("2026-11-23T10:15:30.123Z");
        }
        assertThat(new ObjectMapper().readTree(lines.get(0)).path("direction").asText())
                .isEqualTo("sent");
    }
}
