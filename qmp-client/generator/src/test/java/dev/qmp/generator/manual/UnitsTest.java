package dev.qmp.generator.manual;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    how far it goes, in bytes                  | bytes
                    how fast it goes in bytes per second       | bytes per second
                    a limit of throughput, in bytes            | bytes per second
                    the wait, milliseconds. Or not             | milliseconds
                    tries again after the number of seconds    | seconds
                    the wait in nano seconds                   | nanoseconds
                    a speed (MB/s)                             | MB per second
                    amount of pages seen                       | pages
                    as a percentage of all                     | percent
                    operations per second, in bytes            | operations per second
                    """)
    void a_unit_that_is_said_plainly_is_found(String text, String unit) {
        assertThat(Units.in(text)).contains(unit);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "how many there are",
                "in bytes, or in pages",
                "number of pages per GiB",
                "in seconds, or as @wait-unit says",
                "the second argument"
            })
    void no_unit_is_guessed(String text) {
        assertThat(Units.in(text)).isEmpty();
    }
}
