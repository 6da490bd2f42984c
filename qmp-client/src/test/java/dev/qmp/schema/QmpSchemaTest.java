package dev.qmp.schema;

import static dev.qmp.schema.RecordedSchemas.QEMU_7_2;
import static dev.qmp.schema.RecordedSchemas.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qmp.error.UnexpectedValueException;
import dev.qmp.schema.SchemaType.Alternate;
import dev.qmp.schema.SchemaType.Array;
import dev.qmp.schema.SchemaType.Enumeration;
import dev.qmp.schema.SchemaType.ObjectType;
import dev.qmp.schema.SchemaType.Unknown;
import dev.qmp.wire.QemuVersion;
import dev.qmp.wire.WireLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QmpSchemaTest {

    @Test
    void every_command_and_event_of_a_qemu_is_there_by_name() {
        assertThat(QEMU_7_2.commands())
                .hasSize(216)
                .isSortedAccordingTo((a, b) -> a.name().compareTo(b.name()));
        assertThat(QEMU_7_2.events()).hasSize(52).extracting(SchemaEvent::name).contains("JOB_STATUS_CHANGE");
        assertThat(QEMU_7_2.hasCommand("block-stream")).isTrue();
        assertThat(QEMU_7_2.hasCommand("block-job-change")).isFalse();
        assertThat(QEMU_7_2.command("block-job-change")).isEmpty();
    }

    @Test
    void a_command_says_what_it_takes_and_what_it_returns() {
        SchemaCommand stream = QEMU_7_2.command("block-stream").orElseThrow();

        assertThat(QEMU_7_2.arguments("block-stream"))
                .extracting(SchemaMember::name)
                .startsWith("job-id", "device", "base")
                .endsWith("auto-finalize", "auto-dismiss");
        assertThat(QEMU_7_2.arguments("block-stream"))
                .filteredOn(member -> !member.optional())
                .extracting(SchemaMember::name)
                .containsExactly("device");
        assertThat(QEMU_7_2.type(stream.returnType()))
                .isInstanceOfSatisfying(
                        ObjectType.class,
                        nothing -> assertThat(nothing.members()).isEmpty());
        assertThat(QEMU_7_2.type(QEMU_7_2.command("query-jobs").orElseThrow().returnType()))
                .isInstanceOf(Array.class);
    }

    @Test
    void features_tell_what_is_deprecated_and_what_is_unstable() {
        assertThat(QEMU_7_2.command("drive-backup").orElseThrow().deprecated()).isTrue();
        assertThat(QEMU_7_2.command("x-blockdev-change").orElseThrow().unstable())
                .isTrue();
        assertThat(QEMU_7_2.command("block-stream").orElseThrow().features()).isEmpty();
        assertThat(QEMU_7_2.argumentMembers("migrate-set-parameters", "x-checkpoint-delay"))
                .singleElement()
                .satisfies(member -> assertThat(member.unstable()).isTrue());
    }

    @Test
    void a_command_says_whether_it_may_go_out_of_band_and_whether_success_is_answered() {
        assertThat(QEMU_7_2.commands())
                .filteredOn(SchemaCommand::allowOob)
                .extracting(SchemaCommand::name)
                .containsExactly("migrate-pause", "migrate-recover", "query-yank", "yank");
        assertThat(QEMU_7_2.command("quit").orElseThrow().successResponse()).isTrue();
        QmpSchema agent = QmpSchema.of(json("""
                [{'meta-type':'command','name':'guest-suspend-ram','arg-type':'0','ret-type':'0','success-response':false}]"""));
        assertThat(agent.command("guest-suspend-ram").orElseThrow().successResponse())
                .isFalse();
    }

    /** 7.2 gives an enumeration twice, as "members" and as "values". */
    @Test
    void an_enumeration_has_each_of_its_values_once_in_qemus_order() {
        SchemaMember onError =
                QEMU_7_2.argumentMembers("block-stream", "on-error").get(0);

        assertThat(QEMU_7_2.type(onError.type()))
                .isInstanceOfSatisfying(
                        Enumeration.class,
                        values -> assertThat(values.names())
                                .containsExactly("report", "ignore", "enospc", "stop", "auto"));
    }

    @Test
    void an_enumeration_of_a_qemu_before_6_2_has_values_only() {
        QmpSchema old = QmpSchema.of(json("[{'meta-type':'enum','name':'7','values':['full','top']}]"));

        assertThat(((Enumeration) old.type("7")).names()).containsExactly("full", "top");
    }

    @Test
    void an_alternate_is_one_of_several_types() {
        SchemaMember file = QEMU_7_2.argumentMembers("blockdev-add", "backing").get(0);

        assertThat(QEMU_7_2.type(file.type())).isInstanceOf(Alternate.class);
        assertThat(QEMU_7_2.describe(file.type())).isEqualTo("object or string or null");
    }

    @ParameterizedTest
    @CsvSource({
        "block-stream, bottom, true",
        "block-stream, botom, false",
        "no-such-command, device, false",
        "blockdev-add, node-name, true",
        "blockdev-add, file.filename, true",
        "blockdev-add, file.file.file.locking, true",
        "blockdev-add, node-name.x, false",
        "blockdev-add, '', false",
        "transaction, actions.data.snapshot-file, true",
        "transaction, actions.0, false",
        "blockdev-backup, bitmap-mode, true",
        "blockdev-backup, discard-source, false",
        "object-add, poll-max-ns, true",
    })
    void an_argument_is_found_by_its_dotted_path(String command, String path, boolean there) {
        assertThat(QEMU_7_2.hasArgument(command, path)).isEqualTo(there);
    }

    @ParameterizedTest
    @CsvSource({
        "blockdev-mirror, copy-mode, write-blocking, true",
        "blockdev-mirror, copy-mode, read-blocking, false",
        "blockdev-add, driver, snapshot-access, true",
        "blockdev-add, file.driver, nvme-io_uring, false",
        "transaction, actions.type, blockdev-snapshot-sync, true",
        "block-stream, device, anything, false",
    })
    void a_value_of_an_enumeration_is_a_feature_too(String command, String path, String value, boolean there) {
        assertThat(QEMU_7_2.hasArgumentValue(command, path, value)).isEqualTo(there);
    }

    @Test
    void replies_and_events_are_looked_into_as_arguments_are() {
        assertThat(QEMU_7_2.replyMembers("query-block-jobs", "paused")).hasSize(1);
        assertThat(QEMU_7_2.replyMembers("query-block-jobs", "actively-synced")).isEmpty();
        assertThat(QEMU_7_2.replyMembers("query-block", "inserted.image.filename"))
                .hasSize(1);
        assertThat(QEMU_7_2.replyMembers("no-such-command", "a")).isEmpty();
        assertThat(QEMU_7_2.eventMembers("BLOCK_IO_ERROR", "reason")).hasSize(1);
        assertThat(QEMU_7_2.eventMembers("BLOCK_IO_ERROR", "qom-path")).isEmpty();
        assertThat(QEMU_7_2.hasEvent("BLOCK_IO_ERROR")).isTrue();
        assertThat(QEMU_7_2.hasEvent("block-stream")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "block-steam, block-stream",
        "blcok-stream, block-stream",
        "block-resize, block_resize",
        "query_block, query-block",
        "QUIT, quit",
        "qurey-blockstat, query-blockstats",
    })
    void a_mistyped_command_has_its_meaning_first(String typed, String meant) {
        assertThat(QEMU_7_2.commandsLike(typed)).first().isEqualTo(meant);
    }

    @Test
    void the_beginning_of_a_name_is_a_hint_at_it_and_nonsense_is_none() {
        assertThat(QEMU_7_2.commandsLike("query-named-block")).containsExactly("query-named-block-nodes");
        assertThat(QEMU_7_2.commandsLike("make-coffee")).isEmpty();
        assertThat(QEMU_7_2.eventsLike("BLOCK_JOB_COMPLETE")).first().isEqualTo("BLOCK_JOB_COMPLETED");
    }

    @ParameterizedTest
    @CsvSource({
        "int, integer",
        "str, string",
        "any, value",
        "[str], array of string",
        "no-such-type, value",
    })
    void a_type_can_be_put_in_words(String name, String words) {
        assertThat(QEMU_7_2.describe(name)).isEqualTo(words);
    }

    @Test
    void what_a_later_qemu_invents_is_data() {
        QmpSchema later = QmpSchema.of(json("""
                [{'meta-type':'tuple','name':'9','of':['str','int']},
                 {'meta-type':'object','name':'1','members':[{'name':'pair','type':'9','colour':'red'}],'shape':'round'},
                 {'meta-type':'command','name':'later','arg-type':'1','ret-type':'2','since':'20.0'},
                 17, {}, 'text']"""));

        assertThat(later.type("9")).isEqualTo(new Unknown("9", "tuple"));
        assertThat(later.type("2")).isEqualTo(new Unknown("2", ""));
        assertThat(later.hasArgument("later", "pair")).isTrue();
        assertThat(later.hasArgument("later", "pair.first")).isFalse();
    }

    @Test
    void a_schema_that_runs_in_circles_is_walked_to_its_end() {
        QmpSchema circles = QmpSchema.of(json("""
                [{'meta-type':'command','name':'c','arg-type':'1','ret-type':'1'},
                 {'meta-type':'object','name':'1','tag':'t','members':[{'name':'t','type':'2'}],'variants':[{'case':'x','type':'1'}]},
                 {'meta-type':'alternate','name':'2','members':[{'type':'2'},{'type':'3'},{'type':'1'}]},
                 {'meta-type':'array','name':'3','element-type':'3'}]"""));

        assertThat(circles.hasArgument("c", "t.t.t.t")).isTrue();
        assertThat(circles.hasArgument("c", "t.u")).isFalse();
        assertThat(circles.describe("3")).startsWith("array of array of");
    }

    @Test
    void as_lines_a_schema_says_the_same() {
        QemuVersion version = new QemuVersion(1, 2, 3, "");
        RecordedSchemas.ALL.values().forEach(schema -> {
            String lines = schema.toLines().orElseThrow();
            QmpSchema read = QmpSchema.ofLines(lines, WireLimits.DEFAULT, version);

            assertThat(read.commands()).isEqualTo(schema.commands());
            assertThat(read.events()).isEqualTo(schema.events());
            assertThat(SchemaDiff.between(schema, read)).isEmpty();
            assertThat(read.version()).contains(version);
            assertThat(read.toLines().orElseThrow().lines())
                    .containsExactlyInAnyOrderElementsOf(lines.lines().toList());
        });
    }

    @Test
    void a_line_beyond_the_limits_or_of_no_json_is_one_that_is_not_known() {
        WireLimits shallow = WireLimits.DEFAULT.withDocumentBytes(1000).withNestingDepth(2);
        QmpSchema schema = QmpSchema.ofLines(
                "type 1 {'meta-type':'object','members':[{'name':'a','type':'1'}]}\ntype 2 {\n".replace('\'', '"'),
                shallow,
                new QemuVersion(1, 2, 3, ""));

        assertThat(schema.type("1")).isEqualTo(new Unknown("1", ""));
        assertThat(schema.type("2")).isEqualTo(new Unknown("2", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"one", "one two\n", "one two {}", "command a {}\n\n"})
    void what_are_no_lines_of_a_schema_is_refused(String lines) {
        assertThatThrownBy(() -> QmpSchema.ofLines(lines, WireLimits.DEFAULT, new QemuVersion(1, 2, 3, "")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_schema_with_names_that_no_line_can_hold_has_no_lines() {
        assertThat(QmpSchema.of(json("[{'meta-type':'command','name':'a b','arg-type':'0','ret-type':'0'}]"))
                        .toLines())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "'text'", "null", "1"})
    void a_schema_that_is_no_array_is_none_of_qmps(String result) {
        assertThatThrownBy(() -> QmpSchema.of(json(result))).isInstanceOf(UnexpectedValueException.class);
    }
}
