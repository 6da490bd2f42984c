package dev.qmp.cli.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sizes, durations and percentages as people write and read them. */
class NumbersTest {

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "1,1",
        "512K,524288",
        "64M,67108864",
        "64m,67108864",
        "2G,2147483648",
        "2GiB,2147483648",
        "1T,1099511627776",
        "7E,8070450532247928832",
        "9223372036854775807,9223372036854775807"
    })
    void sizes_are_bytes_or_binary_units(String text, long bytes) {
        assertThat(Sizes.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "M", "-1", "1.5G", "64X", "8E", "9223372036854775808", "99999999999999999999", "1 2", "0x10"
            })
    void what_is_no_size_is_refused_in_its_own_words(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sizes.parse(text))
                .withMessageContaining("'" + text + "'");
    }

    @ParameterizedTest
    @CsvSource({
        "0,0 B",
        "1023,1023 B",
        "1024,1 KiB",
        "1536,1.50 KiB",
        "200704,196 KiB",
        "67108864,64 MiB",
        "11010048,10.5 MiB",
        "1610612736,1.50 GiB",
        "9223372036854775807,8 EiB"
    })
    void sizes_are_read_in_three_digits_and_a_unit(long bytes, String text) {
        assertThat(Sizes.human(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"500ms,PT0.5S", "30s,PT30S", "2m,PT2M", "1h,PT1H", "0,PT0S", "2M,PT2M"})
    void durations_have_units(String text, Duration duration) {
        assertThat(Durations.parse(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "s", "-1s", "1.5s", "1d", "99999999999999999999s", "9223372036854775807h"})
    void what_is_no_duration_is_refused_in_its_own_words(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Durations.parse(text))
                .withMessageContaining("'" + text + "'");
    }

    @ParameterizedTest
    @CsvSource({"0,0:00", "7,0:07", "723,12:03", "3723,1:02:03", "360000,100:00:00"})
    void times_are_read_as_on_a_clock(long seconds, String text) {
        assertThat(Durations.clock(seconds)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0,100,0",
        "50,100,50",
        "999,1000,99",
        "100,100,99",
        "150,100,99",
        "0,0,0",
        "5,0,0",
        "5,-1,0",
        "-5,100,0",
        "9223372036854775807,9223372036854775807,99",
        "4611686018427387904,9223372036854775807,50"
    })
    void percent_never_says_100_and_never_divides_by_nothing(long offset, long length, int percent) {
        assertThat(Percent.of(offset, length)).isEqualTo(percent);
    }

    @Test
    void percent_goes_back_when_the_job_does() {
        assertThat(Percent.text(80, 100)).isEqualTo("80 %");
        assertThat(Percent.text(80, 200)).as("a mirror's length grows").isEqualTo("40 %");
    }
}
