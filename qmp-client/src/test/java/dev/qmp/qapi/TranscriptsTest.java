package dev.qmp.qapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.error.UnexpectedValueException;
import dev.qmp.fixtures.recorded.Samples;
import dev.qmp.fixtures.recorded.Transcript;
import dev.qmp.fixtures.recorded.Transcript.Direction;
import dev.qmp.fixtures.recorded.Transcript.Entry;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What real QEMUs were told, said and reported reads as typed values, nothing of it unknown, and writes as it was. */
class TranscriptsTest {

    private static final JsonMapper JSON = new JsonMapper();

    static Stream<String> transcripts() {
        Stream<String> walks =
                Stream.of(Transcript.WALK_DRIVE, Transcript.WALK_BLOCKDEV, Transcript.EVENT_BEFORE_GREETING);
        return Stream.concat(
                walks,
                Samples.VERSIONS.stream()
                        .flatMap(v -> Transcript.TOPICS.stream().map(topic -> v + "/" + topic)));
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void a_conversation_is_typed_from_end_to_end(String name) throws JsonProcessingException {
        // One at a time: a command without a reply is one whose reply was too long to be recorded whole.
        QmpCommand<?> asked = null;
        int values = 0;
        for (Entry entry : Transcript.load(name).entries()) {
            JsonNode json = JSON.readTree(entry.text());
            if (entry.direction() == Direction.SENT) {
                asked = sent(json);
            } else if (json.has("event")) {
                event(json);
                values++;
            } else if (json.has("return") && asked != null) {
                if (!(asked instanceof RawCommand)) {
                    Json.assertTyped(asked, json.get("return"));
                }
                asked = null;
                values++;
            }
        }
        assertThat(values).isPositive();
    }

    private static QmpCommand<?> sent(JsonNode json) {
        JsonNode arguments = json.path("arguments");
        String name = json.path("execute").asText(json.path("exec-oob").asText());
        ObjectNode given = arguments.isObject() ? (ObjectNode) arguments : JsonNodeFactory.instance.objectNode();
        try {
            QmpCommand<?> typed = QmpCommands.fromJson(name, given);
            if (!(typed instanceof RawCommand)) {
                assertThat(Json.text(typed.encodeArguments())).isEqualTo(Json.text(given));
            }
            return typed;
        } catch (UnexpectedValueException e) {
            // QEMU refused it as well: recorded for its error.
            return RawCommand.of(name, given);
        }
    }

    private static void event(JsonNode json) {
        JsonNode data = json.has("data") ? json.get("data") : JsonNodeFactory.instance.objectNode();
        QmpEvent typed = QmpEvents.fromJson(json.get("event").textValue(), data);
        assertThat(typed).isNotInstanceOf(UnknownEvent.class);
        assertThat(Unknowns.in(typed)).as(json.toString()).isEmpty();
        assertThat(Json.text(typed.toJson())).isEqualTo(Json.text(data));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void a_recorded_reply_is_typed(String version, String name) {
        String command = name.replaceFirst("-flat$", "");
        Json.assertTyped(
                QmpCommands.fromJson(command, JsonNodeFactory.instance.objectNode()), Samples.json(version, name));
    }

    static Stream<Arguments> samples() {
        List<String> names = Samples.NAMES.stream()
                .filter(name -> !name.equals("greeting") && !name.equals("events"))
                .toList();
        return Samples.VERSIONS.stream().flatMap(v -> names.stream().map(name -> Arguments.of(v, name)));
    }
}
