package dev.qmp.cli.render;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EscapesTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "two words", "Grüße, 世界 🌍", "a=b,c;d'\"\\", "~"})
    void harmless_text_stays_the_same_object(String text) {
        assertThat(Escapes.printable(text)).isSameAs(text);
    }

    @Test
    void a_terminals_escapes_are_shown_and_not_sent() {
        assertThat(Escapes.printable("\u001b[31mred\u001b[0m")).isEqualTo("\\x1b[31mred\\x1b[0m");
        assertThat(Escapes.printable("\u001b]0;title\u0007")).isEqualTo("\\x1b]0;title\\x07");
        assertThat(Escapes.printable("\u009b2J")).as("CSI in one character").isEqualTo("\\x9b2J");
    }

    @Test
    void line_ends_and_tabs_cannot_forge_rows_and_columns() {
        assertThat(Escapes.printable("a\nb\r\tc\u0000\u007f\u0008")).isEqualTo("a\\x0ab\\x0d\\x09c\\x00\\x7f\\x08");
        assertThat(Escapes.printable("a\u2028b\u2029c\u0085d")).isEqualTo("a\\u2028b\\u2029c\\x85d");
    }

    @ParameterizedTest(name = "[{index}]")
    @ValueSource(chars = {0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069})
    void marks_that_turn_the_direction_of_writing_are_shown(char mark) {
        assertThat(Escapes.printable("gpj" + mark + ".exe")).isEqualTo("gpj\\u" + Integer.toHexString(mark) + ".exe");
    }
}
