package dev.qmp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qmp.error.ProtocolViolationException;
import dev.qmp.error.ProtocolViolationException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentFramerTest {

    /** One of each kind of trouble: CRLF, none, glued, pretty-printed, brackets and quotes in strings, several bytes a letter. */
    private static final String STREAM =
            "{\"a\": 1}\r\n{\"b\": [1, {\"c\": \"}]\\\"{\"}]}{\"d\": \"h\u00e9\u20ac\ud83d\ude00\"}\n"
                    + "{\r\n    \"e\": {\r\n    }\r\n}\r\n \t {\"f\": \"\\\\\"}";

    private static final List<String> DOCUMENTS = List.of(
            "{\"a\": 1}",
            "{\"b\": [1, {\"c\": \"}]\\\"{\"}]}",
            "{\"d\": \"h\u00e9\u20ac\ud83d\ude00\"}",
            "{\r\n    \"e\": {\r\n    }\r\n}",
            "{\"f\": \"\\\\\"}");

    private final List<String> documents = new ArrayList<>();

    private void feed(DocumentFramer framer, byte[] bytes, int offset, int length) {
        framer.feed(bytes, offset, length, (b, o, l) -> documents.add(new String(b, o, l, StandardCharsets.UTF_8)));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void a_stream_cut_at_every_pair_of_places_gives_the_same_documents() {
        byte[] bytes = utf8(STREAM);
        for (int first = 0; first <= bytes.length; first++) {
            for (int second = first; second <= bytes.length; second++) {
                DocumentFramer framer = new DocumentFramer(WireLimits.DEFAULT);
                documents.clear();
                feed(framer, bytes, 0, first);
                feed(framer, bytes, first, second - first);
                feed(framer, bytes, second, bytes.length - second);
                assertThat(documents).as("cut at %d and %d", first, second).isEqualTo(DOCUMENTS);
                assertThat(framer.insideDocument()).isFalse();
            }
        }
    }

    @Test
    void a_stream_that_comes_byte_by_byte_gives_the_same_documents() {
        DocumentFramer framer = new DocumentFramer(WireLimits.DEFAULT);
        for (byte b : utf8(STREAM)) {
            feed(framer, new byte[] {b}, 0, 1);
        }
        assertThat(documents).isEqualTo(DOCUMENTS);
    }

    @Test
    void a_document_of_megabytes_in_a_thousand_reads_is_one_document() {
        byte[] bytes = utf8("{\"return\": \"" + "x".repeat(3 << 20) + "\"}");
        DocumentFramer framer = new DocumentFramer(WireLimits.DEFAULT);
        int step = bytes.length / 1000;
        for (int from = 0; from < bytes.length; from += step) {
            feed(framer, bytes, from, Math.min(step, bytes.length - from));
        }
        assertThat(documents).hasSize(1);
        assertThat(documents.get(0)).hasSize(bytes.length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", "{}x{}", "[1]", "\u0000{}", "}"})
    void what_is_no_object_between_documents_is_a_violation_that_shows_it(String garbage) {
        DocumentFramer framer = new DocumentFramer(WireLimits.DEFAULT);
        byte[] bytes = utf8(garbage);

        assertThatThrownBy(() -> feed(framer, bytes, 0, bytes.length))
                .isInstanceOfSatisfying(
                        ProtocolViolationException.class,
                        e -> assertThat(e.kind()).isEqualTo(Kind.MALFORMED));
    }

    @Test
    void a_terminal_escape_of_the_peers_does_not_reach_the_message() {
        DocumentFramer framer = new DocumentFramer(WireLimits.DEFAULT);
        byte[] bytes = utf8("\u001b[2Jevil");

        assertThatThrownBy(() -> feed(framer, bytes, 0, bytes.length)).hasMessageEndingWith("\".[2Jevil\"");
    }

    @Test
    void a_document_at_the_cap_passes_and_one_over_it_does_not_whether_whole_or_in_parts() {
        WireLimits limits = WireLimits.DEFAULT.withDocumentBytes(10);
        byte[] fits = utf8("{\"a\": 123}");
        byte[] over = utf8("{\"a\": 1234}");
        feed(new DocumentFramer(limits), fits, 0, fits.length);
        assertThat(documents).containsExactly("{\"a\": 123}");

        assertThatThrownBy(() -> feed(new DocumentFramer(limits), over, 0, over.length))
                .hasMessageContaining("cap of 10 bytes");
        DocumentFramer inParts = new DocumentFramer(limits);
        assertThatThrownBy(() -> {
                    for (byte b : over) {
                        feed(inParts, new byte[] {b}, 0, 1);
                    }
                })
                .hasMessageContaining("cap of 10 bytes");
    }
}
