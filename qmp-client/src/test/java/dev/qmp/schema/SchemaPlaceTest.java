package dev.qmp.schema;

import static dev.qmp.schema.RecordedSchemas.QEMU_7_2;
import static dev.qmp.schema.RecordedSchemas.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.qmp.schema.SchemaPlace.Branch;
import dev.qmp.schema.SchemaPlace.Kind;
import dev.qmp.schema.SchemaType.Enumeration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaPlaceTest {

    private static List<String> members(String name) {
        return QEMU_7_2.place(name).members().stream().map(SchemaMember::name).toList();
    }

    private static ArgumentException refused(QmpSchema schema, String name) {
        ArgumentException refusal = catchThrowableOfType(ArgumentException.class, () -> schema.place(name));
        assertThat(refusal).as(name).isNotNull();
        return refusal;
    }

    @Test
    void a_command_is_its_arguments_and_its_reply_a_place_of_its_own() {
        assertThat(QEMU_7_2.place("set_link").kind()).isEqualTo(Kind.COMMAND);
        assertThat(members("set_link")).containsExactly("name", "up");
        assertThat(QEMU_7_2.place("query-status.reply").kind()).isEqualTo(Kind.REPLY);
        assertThat(members("query-status.reply")).containsExactly("running", "singlestep", "status");
        assertThat(members("query-block.reply.inserted")).contains("node-name", "backing_file_depth");
        assertThat(QEMU_7_2.place("nbd-server-add").deprecated()).isTrue();
    }

    @Test
    void an_event_is_its_data() {
        SchemaPlace place = QEMU_7_2.place("JOB_STATUS_CHANGE.status");

        assertThat(QEMU_7_2.place("JOB_STATUS_CHANGE").kind()).isEqualTo(Kind.EVENT);
        assertThat(members("JOB_STATUS_CHANGE")).containsExactly("id", "status");
        assertThat(place.values()).extracting(Enumeration.Value::name).startsWith("undefined", "created");
        assertThat(place.optional()).isFalse();
    }

    @Test
    void a_union_shows_what_each_value_of_its_tag_adds() {
        SchemaPlace place = QEMU_7_2.place("blockdev-add");

        assertThat(place.tag()).contains("driver");
        assertThat(place.branches()).hasSize(42);
        assertThat(place.branches())
                .filteredOn(branch -> branch.value().equals("raw"))
                .singleElement()
                .satisfies(branch -> assertThat(branch.members())
                        .extracting(SchemaMember::name)
                        .containsExactly("file", "offset", "size"));
    }

    @Test
    void a_branch_is_chosen_by_its_value_with_or_without_the_tag() {
        SchemaPlace place = QEMU_7_2.place("blockdev-add.qcow2");

        assertThat(place.kind()).isEqualTo(Kind.BRANCH);
        assertThat(place.tag()).isEmpty();
        assertThat(place.branches()).isEmpty();
        assertThat(members("blockdev-add.qcow2")).contains("driver", "node-name", "lazy-refcounts");
        assertThat(members("blockdev-add.driver=qcow2")).isEqualTo(members("blockdev-add.qcow2"));
        assertThat(members("blockdev-add.file"))
                .as("the branch, not the member of others")
                .contains("filename");
    }

    @Test
    void the_way_goes_on_through_arrays_alternates_and_branches() {
        assertThat(members("blockdev-add.qcow2.file.file")).contains("filename", "locking");
        assertThat(members("transaction.actions.blockdev-backup.data")).contains("sync", "bitmap-mode");
        assertThat(QEMU_7_2.place("blockdev-add.qcow2.overlap-check").values())
                .extracting(Enumeration.Value::name)
                .containsExactly("none", "constant", "cached", "all");
        assertThat(QEMU_7_2.place("netdev_add.hubport").branches()).isEmpty();
    }

    @Test
    void a_member_of_branches_alone_is_found_where_they_agree() {
        assertThat(QEMU_7_2.place("blockdev-add.filename").type()).isEqualTo("str");
        assertThat(refused(QEMU_7_2, "transaction.actions.data"))
                .hasMessage("'data' of 'transaction.actions' is not the same for each type")
                .satisfies(refusal -> assertThat(refusal.hint().orElseThrow())
                        .startsWith("name one: transaction.actions.abort.data; type can be abort, "));
    }

    @Test
    void a_union_within_a_branch_is_chosen_next() {
        QmpSchema nested = RecordedSchemas.ALL.get("10.0");
        assertThat(nested).isNotNull();
        SchemaPlace exec = nested.place("migrate.channels.addr.socket");

        assertThat(exec.tag()).contains("type");
        assertThat(exec.branches()).extracting(Branch::value).contains("inet", "unix");
        assertThat(nested.place("migrate.channels.addr.socket.unix").members())
                .extracting(SchemaMember::name)
                .contains("transport", "type", "path");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "block-steam | this QEMU has no command or event 'block-steam' | did you mean block-stream?",
                "BLOCK_JOB_REDY | this QEMU has no command or event 'BLOCK_JOB_REDY' | did you mean BLOCK_JOB_READY?",
                "block-stream.spead | 'block-stream' has no 'spead' | did you mean block-stream.speed?",
                "blockdev-add.qcow3 | 'blockdev-add' has no 'qcow3' | did you mean blockdev-add.qcow or blockdev-add.qcow2?",
                "set_link.nonsense | 'set_link' has no 'nonsense' | it has ",
            })
    void a_name_that_leads_nowhere_comes_with_the_nearest(String name, String message, String hint) {
        ArgumentException refusal = refused(QEMU_7_2, name);

        assertThat(refusal).hasMessage(message);
        assertThat(refusal.hint()).hasValueSatisfying(text -> assertThat(text).startsWith(hint));
    }

    @Test
    void a_name_of_another_qemus_comes_with_the_versions_that_have_it() {
        assertThat(refused(QEMU_7_2, "block-job-change"))
                .hasMessage("the command 'block-job-change' is not in this QEMU; it is in 10.0 and 11.1");
        assertThat(refused(RecordedSchemas.ALL.get("11.1"), "MEM_UNPLUG_ERROR"))
                .hasMessage("the event 'MEM_UNPLUG_ERROR' is not in this QEMU; it is in 7.2");
        assertThat(refused(QEMU_7_2, "quit.now")).hasMessage("'quit' is object: there is nothing within it");
    }

    /** Each step takes one name, so no circle can hold it. */
    @Test
    void a_schema_that_runs_in_circles_is_followed_as_far_as_the_name_goes() {
        QmpSchema circles = QmpSchema.of(json("""
                [{'meta-type':'command','name':'c','arg-type':'1','ret-type':'3'},
                 {'meta-type':'object','name':'1','tag':'t','members':[{'name':'t','type':'e'},{'name':'u','type':'2'}],'variants':[{'case':'x','type':'1'}]},
                 {'meta-type':'enum','name':'e','values':['x']},
                 {'meta-type':'alternate','name':'2','members':[{'type':'2'},{'type':'3'},{'type':'1'}]},
                 {'meta-type':'array','name':'3','element-type':'3'}]"""));

        assertThat(circles.place("c.x.x.u.x.u").members())
                .extracting(SchemaMember::name)
                .containsExactly("t", "u");
        assertThat(circles.place("c.reply").members()).isEmpty();
    }

    @Test
    void no_words_of_a_type_are_the_number_that_stands_for_it() {
        RecordedSchemas.ALL
                .values()
                .forEach(schema -> schema.commands().forEach(command -> {
                    schema.place(command.name())
                            .members()
                            .forEach(member -> assertThat(schema.describeKind(member.type()))
                                    .as("%s of %s", member, command)
                                    .doesNotContainPattern("[0-9]"));
                    assertThat(schema.describeKind(command.returnType())).doesNotContainPattern("[0-9]");
                }));
    }
}
