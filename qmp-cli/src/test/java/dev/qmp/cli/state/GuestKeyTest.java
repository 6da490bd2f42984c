package dev.qmp.cli.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuestKeyTest {

    private static final String UUID = "6c84fb90-12c4-11e1-840d-7b25c5ee775a";

    @Test
    void a_uuid_goes_before_a_name_and_a_name_before_a_monitor() {
        assertThat(GuestKey.of(UUID, "daisy", "/run/q").fileName()).isEqualTo("uuid-" + UUID);
        assertThat(GuestKey.of(null, "daisy", "/run/q").fileName()).isEqualTo("name-daisy");
        assertThat(GuestKey.of(null, null, "/run/q").fileName()).startsWith("monitor-");
    }

    @Test
    void a_uuid_of_zeros_is_what_qemu_tells_of_a_guest_without_one() {
        assertThat(GuestKey.of("00000000-0000-0000-0000-000000000000", "daisy", "/run/q")
                        .fileName())
                .isEqualTo("name-daisy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../../../../etc/passwd", "../../../../../../root/.ssh/authorized"})
    void a_uuid_that_is_a_path_is_not_believed(String uuid) {
        assertThat(GuestKey.of(uuid, "daisy", "/run/q").fileName()).isEqualTo("name-daisy");
    }

    @ParameterizedTest(name = "[{index}]")
    @ValueSource(strings = {"../x", "a/b", ".", "..", ".hidden", "-x", "two words", "d\u0000", "d\u001b", "ü", "\n"})
    void a_name_that_is_no_plain_word_never_becomes_part_of_a_path(String name) {
        assertThat(GuestKey.of(null, name, "/run/q").fileName()).matches("name-x[0-9a-f]{24}");
    }

    @Test
    void a_name_too_long_for_a_file_is_shortened_and_stays_its_own() {
        String first = GuestKey.of(null, "a".repeat(300), "/run/q").fileName();
        assertThat(first).hasSizeLessThan(60);
        assertThat(GuestKey.of(null, "a".repeat(301), "/run/q").fileName()).isNotEqualTo(first);
    }

    @Test
    void an_empty_name_is_none() {
        assertThat(GuestKey.of(null, "", "/run/q").fileName()).startsWith("monitor-");
    }

    @Test
    void two_monitors_have_two_keys_and_one_has_one() {
        assertThat(GuestKey.of(null, null, "/run/q")).isEqualTo(GuestKey.of(null, null, "/run/q"));
        assertThat(GuestKey.of(null, null, "/run/q")).isNotEqualTo(GuestKey.of(null, null, "/run/r"));
    }
}
