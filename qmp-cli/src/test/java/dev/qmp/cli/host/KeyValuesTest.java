package dev.qmp.cli.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyValuesTest {

    @Test
    void the_first_word_without_a_key_belongs_to_the_main_key() {
        assertThat(KeyValues.parse("daisy,process=vm1", "guest")).isEqualTo(Map.of("guest", "daisy", "process", "vm1"));
    }

    @Test
    void the_main_key_may_be_written_out_and_stand_anywhere() {
        assertThat(KeyValues.parse("debug-threads=on,guest=daisy", "guest"))
                .isEqualTo(Map.of("debug-threads", "on", "guest", "daisy"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"a,,b|a,b", ",,|','", "a,,,,b|a,,b", "one,,|'one,'"})
    void a_doubled_comma_is_one_of_the_value(String text, String value) {
        assertThat(KeyValues.parse("id=x,path=" + text, "backend")).containsEntry("path", value);
    }

    @Test
    void three_commas_are_one_of_the_value_and_the_end_of_it() {
        assertThat(KeyValues.parse("path=a,,,server=on", "path")).isEqualTo(Map.of("path", "a,", "server", "on"));
    }

    @Test
    void a_later_bare_word_switches_on_and_no_before_it_switches_off() {
        assertThat(KeyValues.parse("/run/s,server,nowait", "path"))
                .isEqualTo(Map.of("path", "/run/s", "server", "on", "wait", "off"));
    }

    @Test
    void a_value_keeps_its_equals_signs() {
        assertThat(KeyValues.parse("path=/a=b", "path")).isEqualTo(Map.of("path", "/a=b"));
    }

    @Test
    void the_last_one_of_a_key_counts() {
        assertThat(KeyValues.parse("server=off,server=on", "path")).containsEntry("server", "on");
    }
}
