package dev.qmp.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NamesTest {

    private static Names read(String... lines) throws IOException {
        return Names.read(new BufferedReader(new StringReader(String.join("\n", lines))));
    }

    @Test
    void a_fact_of_one_version_goes_before_one_of_all() throws IOException {
        Names names = read("# a remark", "", "type\tNew\tplace", "type\tOld\tplace\t7.2,10.0");

        assertThat(names.type("place", "7.2")).contains("Old");
        assertThat(names.type("place", "10.0")).contains("Old");
        assertThat(names.type("place", "11.1")).contains("New");
        assertThat(names.type("elsewhere", "11.1")).isEmpty();
    }

    @Test
    void a_place_has_one_fact_of_a_kind() {
        assertThatThrownBy(() -> read("unit\tbytes\tplace", "unit\tseconds\tplace"))
                .hasMessageContaining("place is bytes and seconds");
        assertThatThrownBy(() -> read("unit\tbytes")).hasMessageContaining("not three or four fields");
    }

    @Test
    void with_the_tables_that_are_kept_every_type_of_the_recorded_schemas_has_its_name() throws IOException {
        Path schemas = Path.of("../../fixtures/src/main/resources/dev/qmp/fixtures/schema");

        assertThat(Generation.of(schemas.toAbsolutePath(), Names.load()).report())
                .contains("called after the place of their use:\n\nNew in");
    }
}
