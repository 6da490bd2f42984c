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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrafficTest {

    private static final Instant AT = Instant.parse("2026-11-23T10:15:30.123Z");

    @TempDir
    private Path temp;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'execute':'set_password','arguments':{'protocol':'vnc','password':'geheim'}}",
                "{'execute':'change-vnc-password','arguments':{'password':'geheim'}}",
                "{'execute':'object-add','arguments':{'qom-type':'secret','id':'s','data':'geheim'}}",
                "{'execute':'object-add','arguments':{'data':'geheim','qom-type':'secret_keyring','id':'s'}}",
                "{'execute':'object-add','arguments':{'props':{'data':'geheim'},'qom-type':'secret','id':'s'}}",
                "{'execute':'blockdev-add','arguments':{'driver':'x','a':[{'password':'geheim'}]}}",
                "{'execute':'set_password','arguments':{'password':['geheim']}}",
                "{'execute':'guest-set-user-password','arguments':{'username':'root','password':'geheim'}}"
            })
    void a_secret_is_never_shown(String json) {
        assertThat(Traffic.mask(json.replace('\'', '"')))
                .doesNotContain("geheim")
                .contains("***");
    }

    @Test
    void what_is_no_secret_is_shown_word_for_word() {
        String json =
                "{\"execute\":\"object-add\",\"arguments\":{\"qom-type\":\"iothread\",\"data\":\"plain\"},\"id\":7}";
        assertThat(Traffic.mask(json)).isEqualTo(json);
        assertThat(Traffic.mask("{\"password-secret\":\"sec0\"}"))
                .as("an object's id is no secret")
                .isEqualTo("{\"password-secret\":\"sec0\"}");
    }

    @Test
    void numbers_keep_every_digit() {
        String json = "{\"return\":{\"a\":18446744073709551615,\"b\":1.10}}";
        assertThat(Traffic.mask(json)).contains("18446744073709551615");
    }

    @Test
    void many_lines_become_one() {
        assertThat(Traffic.mask("{\n  \"return\": {\n  }\n}")).isEqualTo("{\"return\":{}}");
    }

    @Test
    void what_is_no_json_is_told_by_its_length_alone() {
        assertThat(Traffic.mask("password=geheim")).doesNotContain("geheim").contains("15 characters");
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
