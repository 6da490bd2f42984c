package dev.qmp.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsOptionsTest {

    private static final String PLAIN = "0aff".repeat(16);

    @Test
    void a_fingerprint_is_taken_as_openssl_and_certtool_print_it() {
        String colons = "0A:FF:".repeat(16).replaceFirst(":$", "");
        for (String text :
                new String[] {PLAIN, colons, "sha256 Fingerprint=" + colons, "sha256:" + PLAIN, " SHA256:" + colons}) {
            assertThat(TlsOptions.builder().fingerprint(text).build().fingerprint())
                    .contains(PLAIN);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0aff", "zz", "sha256:"})
    void what_is_no_fingerprint_is_refused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TlsOptions.builder().fingerprint(text))
                .withMessageContaining("64 hexadecimal digits");
    }

    @Test
    void a_host_name_that_is_empty_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TlsOptions.builder().hostName(""));
    }
}
