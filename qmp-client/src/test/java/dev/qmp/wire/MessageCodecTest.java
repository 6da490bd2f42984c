package dev.qmp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.qmp.error.ProtocolViolationException;
import dev.qmp.error.ProtocolViolationException.Kind;
import dev.qmp.wire.Message.Event;
import dev.qmp.wire.Message.Failure;
import dev.qmp.wire.Message.Greeting;
import dev.qmp.wire.Message.Reply;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MessageCodecTest {

    private final MessageCodec codec = new MessageCodec(WireLimits.DEFAULT
            .withDocumentBytes(1 << 20)
            .withNestingDepth(50)
            .withStringLength(1000)
            .withNumberLength(100)
            .withDocumentTokens(200)
            .withNoticeBytes(4000));

    private Message decode(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return codec.decode(bytes, 0, bytes.length);
    }

    private void assertViolation(String json, Kind kind) {
        assertThatThrownBy(() -> decode(json))
                .isInstanceOfSatisfying(
                        ProtocolViolationException.class,
                        e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    void a_greeting_gives_version_package_and_capabilities() {
        Greeting greeting =
                (Greeting) decode("{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 22, \"minor\": 2, \"major\": 7},"
                        + " \"package\": \"Debian 1:7.2\"}, \"capabilities\": [\"oob\", \"from-the-future\"]}}");

        assertThat(greeting.version()).isEqualTo(new QemuVersion(7, 2, 22, "Debian 1:7.2"));
        assertThat(greeting.capabilities()).containsExactly("oob", "from-the-future");
    }

    @Test
    void an_event_without_data_has_an_empty_object() {
        Event event = (Event)
                decode("{\"timestamp\": {\"seconds\": 1795404781, \"microseconds\": 14134}, \"event\": \"STOP\"}");

        assertThat(event.name()).isEqualTo("STOP");
        assertThat(event.data().isObject()).isTrue();
        assertThat(event.timestamp()).isEqualTo(Instant.ofEpochSecond(1795404781L, 14_134_000));
    }

    @Test
    void a_timestamp_that_the_host_could_not_tell_is_absent() {
        Event event = (Event) decode("{\"timestamp\": {\"seconds\": -1, \"microseconds\": -1}, \"event\": \"STOP\"}");
        assertThat(event.timestamp()).isNull();
        Event absurd = (Event)
                decode("{\"timestamp\": {\"seconds\": 9223372036854775807, \"microseconds\": 1}, \"event\": \"X\"}");
        assertThat(absurd.timestamp()).isNull();
    }

    @Test
    void integers_keep_all_64_bits_signed_unsigned_and_beyond_2_to_the_53() {
        JsonNode result = ((Reply) decode("{\"return\": {\"u\": 18446744073709551615, \"s\": -9223372036854775808,"
                        + " \"f\": 9007199254740993}, \"id\": 1}"))
                .result();

        assertThat(result.get("u").bigIntegerValue()).isEqualTo(new BigInteger("18446744073709551615"));
        assertThat(result.get("s").longValue()).isEqualTo(Long.MIN_VALUE);
        assertThat(result.get("f").longValue()).isEqualTo(9007199254740993L);
    }

    @Test
    void a_refusal_keeps_qemus_class_and_words() {
        assertThat(
                        decode(
                                "{\"id\": 3, \"error\": {\"class\": \"DeviceNotActive\", \"desc\": \"Block job 'zz' not found\"}}"))
                .isEqualTo(new Failure(
                        JsonNodeFactory.instance.numberNode(3), "DeviceNotActive", "Block job 'zz' not found"));
    }

    @Test
    void an_error_without_id_has_none() {
        assertThat(((Failure) decode("{\"error\": {\"class\": \"GenericError\", \"desc\": \"JSON parse error\"}}"))
                        .id())
                .isNull();
    }

    @Test
    void a_null_result_is_a_result() {
        assertThat(((Reply) decode("{\"return\": null, \"id\": 1}")).result().isNull())
                .isTrue();
    }

    @Test
    void what_is_not_json_is_malformed() {
        assertViolation("{\"return\": }", Kind.MALFORMED);
        assertViolation("{\"return\": [1}}", Kind.MALFORMED);
        byte[] notUtf8 = {'{', '"', 'e', 'v', 'e', 'n', 't', '"', ':', '"', (byte) 0xff, (byte) 0xfe, '"', '}'};
        assertThatThrownBy(() -> codec.decode(notUtf8, 0, notUtf8.length))
                .isInstanceOf(ProtocolViolationException.class);
    }

    @Test
    void json_that_is_no_message_is_unexpected() {
        assertViolation("{\"hello\": 1}", Kind.UNEXPECTED);
    }

    @Test
    void nesting_strings_and_numbers_over_their_limits_are_told_as_such() {
        assertViolation("{\"return\": " + "[".repeat(60) + "]".repeat(60) + "}", Kind.LIMIT_EXCEEDED);
        assertViolation("{\"return\": \"" + "x".repeat(2000) + "\"}", Kind.LIMIT_EXCEEDED);
        assertViolation("{\"return\": " + "9".repeat(200) + "}", Kind.LIMIT_EXCEEDED);
    }

    @Test
    void a_request_is_one_compact_line_with_its_id() {
        byte[] bytes = codec.encode(new Request(
                7, "block-stream", JsonNodeFactory.instance.objectNode().put("device", "h\u00e9")));

        assertThat(new String(bytes, StandardCharsets.UTF_8))
                .isEqualTo("{\"execute\":\"block-stream\",\"arguments\":{\"device\":\"h\u00e9\"},\"id\":7}\n");
    }

    @Test
    void half_a_character_in_an_argument_is_refused_and_a_backslash_before_a_u_is_not() {
        Request half = new Request(
                7, "block-stream", JsonNodeFactory.instance.objectNode().put("device", "\ud800"));
        assertThatThrownBy(() -> codec.encode(half)).isInstanceOf(IllegalArgumentException.class);

        byte[] bytes = codec.encode(new Request(
                7, "block-stream", JsonNodeFactory.instance.objectNode().put("device", "\\uD800\ud83d\ude00")));
        assertThat(new String(bytes, StandardCharsets.UTF_8)).contains("\"\\\\uD800\\uD83D\\uDE00\"");
    }

    @Test
    void a_document_of_too_many_parts_and_a_notice_of_too_many_bytes_are_over_a_limit() {
        assertViolation("{\"return\": [" + "1,".repeat(200) + "1]}", Kind.LIMIT_EXCEEDED);
        String long900 = "\"" + "x".repeat(900) + "\"";
        String texts = "[" + (long900 + ",").repeat(4) + long900 + "]";
        assertViolation("{\"event\": \"X\", \"data\": {\"a\": " + texts + "}}", Kind.LIMIT_EXCEEDED);
        assertViolation("{\"event\": \"X\", \"return\": " + texts + "}", Kind.LIMIT_EXCEEDED);
        assertViolation("{\"error\": {\"desc\": " + texts + "}}", Kind.LIMIT_EXCEEDED);
        assertViolation("{\"QMP\": " + texts + "}", Kind.LIMIT_EXCEEDED);
        assertThat(decode("{\"return\": " + texts + "}")).isInstanceOf(Reply.class);
    }
}
