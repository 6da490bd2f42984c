package dev.qmp.qapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;

/** A reply as it was in JSON. */
final class Json {

    private static final JsonMapper SORTED = JsonMapper.builder()
            .enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Json() {}

    /** A text that is the same for the same JSON, whatever the order of its members and the kinds of its nodes. */
    static String text(JsonNode json) {
        try {
            return SORTED.writeValueAsString(SORTED.readTree(json.toString()));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    /** Reads a reply: nothing of it may be unknown, and it is written as it was. */
    static void assertTyped(QmpCommand<?> command, JsonNode result) {
        assertThat(command).isNotInstanceOf(RawCommand.class);
        Object typed = command.decodeReturn(result);
        assertThat(Unknowns.in(typed)).as(command.commandName() + " " + result).isEmpty();
        assertThat(text(of(typed))).as(command.commandName()).isEqualTo(text(result));
    }

    static JsonNode of(Object value) {
        if (value instanceof List<?> list) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            list.forEach(one -> array.add(of(one)));
            return array;
        } else if (value instanceof String text) {
            return JsonNodeFactory.instance.textNode(text);
        }
        try {
            return (JsonNode) value.getClass().getMethod("toJson").invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("no JSON of " + value, e);
        }
    }
}
