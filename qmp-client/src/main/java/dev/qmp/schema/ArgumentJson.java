package dev.qmp.schema;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Optional;

/** JSON that a user wrote: one value, nothing after it, no member twice, no digit of a number lost. */
final class ArgumentJson {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private ArgumentJson() {}

    /**
     * The value of the text.
     *
     * @param what names the text in the message
     */
    static JsonNode parse(String what, String text) {
        try {
            JsonNode value = MAPPER.readTree(text);
            if (value.isMissingNode()) {
                throw new ArgumentException("malformed JSON in " + what + ": it is empty", null);
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new ArgumentException("malformed JSON in " + what + position(e) + ": " + reason(e), null, e);
        }
    }

    /** The value of the text where it is JSON. */
    static Optional<JsonNode> guess(String text) {
        try {
            JsonNode value = MAPPER.readTree(text);
            return value.isMissingNode() ? Optional.empty() : Optional.of(value);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static String position(JsonProcessingException e) {
        JsonLocation at = e.getLocation();
        return at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    }

    /** Jackson names its source, a Java object, inside some messages. */
    private static String reason(JsonProcessingException e) {
        return e.getOriginalMessage().replaceAll(" \\(start marker at \\[Source: [^\\]]*\\]\\)", "");
    }
}
