package dev.qmp.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.qmp.error.ProtocolViolationException;
import dev.qmp.error.ProtocolViolationException.Kind;
import dev.qmp.wire.Message.Event;
import dev.qmp.wire.Message.Failure;
import dev.qmp.wire.Message.Greeting;
import dev.qmp.wire.Message.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Documents to messages and requests to bytes: the only file that knows QMP's own keys. Thread-safe. */
public final class MessageCodec {

    private final ObjectMapper mapper;

    private final int noticeBytes;

    public MessageCodec(WireLimits limits) {
        this.noticeBytes = limits.noticeBytes();
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(limits.nestingDepth())
                        .maxStringLength(limits.stringLength())
                        .maxNumberLength(limits.numberLength())
                        .maxTokenCount(limits.documentTokens())
                        .build())
                // The peer's names are its own to choose: two million of them take four times as long to read if each
                // is
                // interned, and stay with the whole process.
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .build();
        this.mapper = new ObjectMapper(factory);
    }

    /**
     * Reads one document.
     *
     * @throws ProtocolViolationException where it is not JSON, exceeds a limit or is none of QMP's messages
     */
    public Message decode(byte[] bytes, int offset, int length) {
        JsonNode document = parse(bytes, offset, length);
        if (document.has("return") && !document.has("event")) {
            return new Reply(document.get("id"), document.get("return"));
        }
        if (length > noticeBytes) {
            throw new ProtocolViolationException(
                    Kind.LIMIT_EXCEEDED,
                    "the peer sent " + length + " bytes that are no command's result, and the cap is " + noticeBytes,
                    null);
        }
        if (document.has("event")) {
            return event(document);
        }
        if (document.has("error")) {
            JsonNode error = document.get("error");
            return new Failure(
                    document.get("id"),
                    error.path("class").asText("GenericError"),
                    error.path("desc").asText(error.toString()));
        }
        if (document.has("QMP")) {
            return greeting(document.get("QMP"));
        }
        throw new ProtocolViolationException(
                Kind.UNEXPECTED,
                "the peer sent a JSON object that is no QMP message: "
                        + DocumentFramer.excerpt(bytes, offset, offset + length),
                null);
    }

    /**
     * The request as one line of compact JSON.
     *
     * @throws IllegalArgumentException where its arguments have half a character, or are nested too deep to be written
     */
    public byte[] encode(Request request) {
        return encode(request, true);
    }

    /** As {@link #encode}, without the id: for a peer that answers in order and may not know what an id is. */
    public byte[] encodeWithoutId(Request request) {
        return encode(request, false);
    }

    private byte[] encode(Request request, boolean withId) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(128);
        try (JsonGenerator json = mapper.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField(request.outOfBand() ? "exec-oob" : "execute", request.command());
            if (request.arguments() != null && !request.arguments().isEmpty()) {
                json.writeFieldName("arguments");
                mapper.writeTree(json, request.arguments());
            }
            if (withId) {
                json.writeNumberField("id", request.id());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalArgumentException("its arguments cannot be written as JSON: " + e.getMessage(), e);
        }
        out.write('\n');
        byte[] line = out.toByteArray();
        requireWholeCharacters(line);
        return line;
    }

    /** QEMU (7.2 to 11.1) answers half a surrogate pair by an error without id, which would end the session. */
    private static void requireWholeCharacters(byte[] line) {
        for (int i = 0; i < line.length; i++) {
            if (line[i] != '\\') {
                continue;
            }
            if (half(line, i, '8', 'B') && half(line, i + 6, 'C', 'F')) {
                i += 11; // as Jackson writes what is beyond the basic plane
            } else if (half(line, i, '8', 'F')) {
                throw new IllegalArgumentException("its arguments cannot be written as JSON: half a surrogate pair");
            } else {
                i++; // a backslash in a text is two
            }
        }
    }

    private static boolean half(byte[] line, int at, char from, char to) {
        return at + 3 < line.length
                && line[at] == '\\'
                && line[at + 1] == 'u'
                && line[at + 2] == 'D'
                && line[at + 3] >= from
                && line[at + 3] <= to;
    }

    private JsonNode parse(byte[] bytes, int offset, int length) {
        try {
            return mapper.readTree(bytes, offset, length);
        } catch (StreamConstraintsException e) {
            throw new ProtocolViolationException(
                    Kind.LIMIT_EXCEEDED, "a document of the peer's is over a limit: " + e.getOriginalMessage(), e);
        } catch (JsonProcessingException e) {
            throw new ProtocolViolationException(
                    Kind.MALFORMED, "the peer sent what is not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            // Reading from an array fails with Jackson's own exceptions and with this one for bytes that are not UTF-8.
            throw new ProtocolViolationException(
                    Kind.MALFORMED, "the peer sent what is not UTF-8: " + e.getMessage(), e);
        }
    }

    private static Event event(JsonNode document) {
        JsonNode data = document.path("data");
        return new Event(
                document.get("event").asText(),
                data.isObject() ? data : JsonNodeFactory.instance.objectNode(),
                timestamp(document.path("timestamp")));
    }

    private static @Nullable Instant timestamp(JsonNode timestamp) {
        long seconds = timestamp.path("seconds").asLong(-1);
        long microseconds = timestamp.path("microseconds").asLong(-1);
        if (seconds < 0 || seconds > Instant.MAX.getEpochSecond() || microseconds < 0 || microseconds > 999_999) {
            return null;
        }
        return Instant.ofEpochSecond(seconds, microseconds * 1000);
    }

    private static Greeting greeting(JsonNode qmp) {
        JsonNode version = qmp.path("version");
        JsonNode numbers = version.path("qemu");
        List<String> capabilities = new ArrayList<>();
        qmp.path("capabilities").forEach(c -> capabilities.add(c.asText()));
        return new Greeting(
                new QemuVersion(
                        numbers.path("major").asInt(),
                        numbers.path("minor").asInt(),
                        numbers.path("micro").asInt(),
                        version.path("package").asText("").strip()),
                capabilities);
    }
}
