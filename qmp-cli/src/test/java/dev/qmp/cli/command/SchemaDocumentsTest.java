package dev.qmp.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.fixtures.recorded.Schemas;
import dev.qmp.schema.QmpSchema;
import dev.qmp.schema.SchemaDiff;
import dev.qmp.wire.QemuVersion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The documents of {@code qmp schema -o json}, field by field. */
class SchemaDocumentsTest {

    private static final QmpSchema QEMU_7_2 =
            QmpSchema.of(Schemas.json("7.2", Schemas.SYSTEM), new QemuVersion(7, 2, 22, "Debian"));
    private static final QmpSchema QEMU_10_0 = QmpSchema.of(Schemas.json("10.0", Schemas.SYSTEM));

    private static List<String> fields(JsonNode document) {
        List<String> names = new ArrayList<>();
        document.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static JsonNode place(String name) {
        return SchemaDocuments.place(QEMU_7_2, QEMU_7_2.place(name));
    }

    @Test
    void the_overview_counts_and_lists() {
        JsonNode overview = SchemaDocuments.overview(QEMU_7_2);

        assertThat(fields(overview)).containsExactly("version", "package", "counts", "commands", "events");
        assertThat(overview.path("version").asText()).isEqualTo("7.2.22");
        assertThat(overview.path("counts").toString())
                .isEqualTo("{\"commands\":216,\"events\":52,\"deprecated\":4,\"unstable\":21}");
        assertThat(overview.path("commands"))
                .hasSize(216)
                .allSatisfy(command -> assertThat(fields(command))
                        .containsExactly("name", "features", "deprecated", "unstable", "allowOob"));
        assertThat(overview.path("events"))
                .hasSize(52)
                .allSatisfy(event ->
                        assertThat(fields(event)).containsExactly("name", "features", "deprecated", "unstable"));
    }

    @Test
    void a_command_has_arguments_branches_and_a_reply() {
        JsonNode add = place("blockdev-add");

        assertThat(fields(add))
                .containsExactly(
                        "name",
                        "kind",
                        "type",
                        "features",
                        "deprecated",
                        "unstable",
                        "allowOob",
                        "arguments",
                        "tag",
                        "branches",
                        "values",
                        "reply");
        assertThat(add.path("kind").asText()).isEqualTo("command");
        assertThat(add.path("tag").asText()).isEqualTo("driver");
        assertThat(fields(add.at("/branches/0")))
                .containsExactly("value", "features", "deprecated", "unstable", "members");
        assertThat(fields(add.at("/arguments/0")))
                .containsExactly("name", "type", "optional", "features", "deprecated", "unstable", "values");
        assertThat(add.at("/arguments/0/type").asText()).isEqualTo("enum");
        assertThat(add.at("/arguments/0/values")).hasSize(42);
        assertThat(fields(place("query-status").path("reply")))
                .containsExactly("type", "members", "tag", "branches", "values");
        assertThat(place("query-jobs").at("/reply/type").asText()).isEqualTo("array of object");
    }

    @Test
    void an_event_has_data_and_a_member_says_whether_it_may_be_left_out() {
        assertThat(place("STOP").path("data")).isEmpty();
        assertThat(place("JOB_STATUS_CHANGE").at("/data/0/name").asText()).isEqualTo("id");
        JsonNode member = place("block-stream.on-error");
        assertThat(member.path("optional").asBoolean()).isTrue();
        assertThat(member.at("/values/0/value").asText()).isEqualTo("report");
        assertThat(place("blockdev-add.qcow2").path("kind").asText()).isEqualTo("branch");
    }

    @Test
    void a_difference_says_from_whom_to_whom_and_each_change_is_flat() {
        JsonNode diff =
                SchemaDocuments.diff("daisy", QEMU_7_2, "ten.json", QEMU_10_0, SchemaDiff.between(QEMU_7_2, QEMU_10_0));

        assertThat(fields(diff)).containsExactly("from", "to", "changes");
        assertThat(diff.path("from").toString())
                .isEqualTo("{\"name\":\"daisy\",\"version\":\"7.2.22\",\"package\":\"Debian\"}");
        assertThat(diff.at("/to/version").isNull()).isTrue();
        assertThat(diff.path("changes"))
                .hasSizeGreaterThan(200)
                .allSatisfy(
                        change -> assertThat(fields(change)).containsExactly("change", "what", "name", "from", "to"));
        assertThat(diff.path("changes"))
                .anyMatch(change -> change.toString()
                        .equals(
                                "{\"change\":\"added\",\"what\":\"argument\",\"name\":\"blockdev-backup.discard-source\","
                                        + "\"from\":null,\"to\":\"boolean, optional\"}"));
    }
}
