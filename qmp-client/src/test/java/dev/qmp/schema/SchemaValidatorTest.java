package dev.qmp.schema;

import static dev.qmp.schema.RecordedSchemas.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.fixtures.recorded.Schemas;
import dev.qmp.qapi.RawCommand;
import dev.qmp.schema.SchemaFinding.Kind;
import dev.qmp.wire.QemuVersion;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong within JSON; the same for arguments written as words is in {@link ArgumentErrorsTest}. */
class SchemaValidatorTest {

    private static List<SchemaFinding> check(QmpSchema schema, String command, String arguments) {
        return SchemaValidator.check(schema, command, (ObjectNode) json(arguments));
    }

    private static List<SchemaFinding> check(String command, String arguments) {
        return check(RecordedSchemas.QEMU_7_2, command, arguments);
    }

    private static SchemaFinding only(String command, String arguments) {
        List<SchemaFinding> findings = check(command, arguments);
        assertThat(findings).hasSize(1);
        return findings.get(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "query-status | {}",
                "block-stream | {'device':'vda','speed':1048576,'on-error':'stop','auto-dismiss':false}",
                "block_resize | {'node-name':'123','size':18446744073709551615}",
                "blockdev-add | {'driver':'qcow2','file':'f','backing':null,'overlap-check':{'template':'all'}}",
                "blockdev-add | {'driver':'raw','file':{'driver':'file','filename':'/x','aio':'threads'}}",
                "blockdev-add | {'driver':'quorum','vote-threshold':1,'children':['a',{'driver':'null-co'}]}",
                "transaction | {'actions':[{'type':'abort','data':{}}]}",
                "chardev-add | {'id':'c','backend':{'type':'null','data':{}}}",
                "qom-set | {'path':'/m','property':'p','value':{'anything':[1,null]}}",
                "migrate-set-parameters | {'tls-creds':null,'max-bandwidth':1}",
                "set-numa-node | {'type':'node','nodeid':0,'cpus':[0,1]}",
            })
    void what_qemu_takes_is_no_finding(String command, String arguments) {
        assertThat(check(command, arguments)).isEmpty();
    }

    @Test
    void no_arguments_and_an_empty_object_mean_the_same() {
        assertThat(SchemaValidator.check(RecordedSchemas.QEMU_7_2, "query-status", null))
                .isEmpty();
        assertThat(SchemaValidator.check(RecordedSchemas.QEMU_7_2, "job-cancel", null))
                .isEqualTo(check("job-cancel", "{}"))
                .extracting(SchemaFinding::kind)
                .containsExactly(Kind.MISSING_ARGUMENT);
        assertThat(SchemaValidator.check(
                        RecordedSchemas.QEMU_7_2, RawCommand.of("job-cancel").with("id", "a")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "block-stream ; {'device':7} ; device ; 'device' is a string, not 7",
                "block-stream ; {'device':'vda','speed':'fast'} ; speed ; 'speed' is an integer, not 'fast'",
                "block-stream ; {'device':'vda','speed':1.5} ; speed ; 'speed' is an integer, not 1.5",
                "block-stream ; {'device':'vda','speed':null} ; speed ; 'speed' is an integer, not null",
                "block-stream ; {'device':'vda','auto-dismiss':'off'} ; auto-dismiss ; 'auto-dismiss' is a boolean, not 'off'",
                "block-stream ; {'device':'vda','on-error':['stop']} ; on-error ; 'on-error' is one of report|ignore|enospc|stop|auto, not an array",
                "block_resize ; {'device':'a','size':18446744073709551616} ; size ; 'size' is an integer of 64 bits, not 18446744073709551616",
                "transaction ; {'actions':{}} ; actions ; 'actions' is an array of object, not an object",
                "transaction ; {'actions':[{'type':'abort','data':{}},5]} ; actions.1 ; 'actions.1' is an object, not 5",
                "blockdev-add ; {'driver':'raw','file':5} ; file ; 'file' cannot be 5",
                "blockdev-add ; {'driver':'raw','file':{'driver':'file','filename':[]}} ; file.filename ; 'file.filename' is a string, not an array",
            })
    void a_wrong_type_is_told_with_its_path(String command, String arguments, String path, String message) {
        SchemaFinding finding = only(command, arguments);

        assertThat(finding.kind()).isEqualTo(Kind.WRONG_TYPE);
        assertThat(finding.isError()).isTrue();
        assertThat(finding.path()).isEqualTo(path);
        assertThat(finding.message()).isEqualTo(message);
    }

    @Test
    void an_unknown_member_deep_in_json_is_told_with_its_path_and_what_there_is() {
        SchemaFinding finding = only("transaction", """
                {'actions':[{'type':'blockdev-snapshot-sync','data':{'snapshot-file':'/a','node':'n'}}]}""");

        assertThat(finding.kind()).isEqualTo(Kind.UNKNOWN_ARGUMENT);
        assertThat(finding.path()).isEqualTo("actions.0.data.node");
        assertThat(finding.message())
                .isEqualTo("'actions.0.data' of transaction has no argument 'actions.0.data.node'");
        assertThat(finding.hint()).hasValueSatisfying(hint -> assertThat(hint).contains("actions.0.data.node-name"));
    }

    @Test
    void everything_wrong_is_told_at_once_errors_before_warnings() {
        List<SchemaFinding> findings = check("drive-backup", "{'sync':'ful','target':5,'taget':'x'}");

        assertThat(findings)
                .extracting(SchemaFinding::kind)
                .containsExactly(
                        Kind.UNKNOWN_VALUE,
                        Kind.WRONG_TYPE,
                        Kind.UNKNOWN_ARGUMENT,
                        Kind.MISSING_ARGUMENT,
                        Kind.DEPRECATED);
        assertThat(findings.get(4).isError()).isFalse();
    }

    @Test
    void without_its_tag_a_union_has_members_that_nobody_can_judge() {
        assertThat(check("blockdev-add", "{'filename':'/x','lazy-refcounts':'maybe'}"))
                .extracting(SchemaFinding::kind)
                .containsExactly(Kind.MISSING_ARGUMENT);
        assertThat(check("blockdev-add", "{'driver':'qcow3','lazy-refcounts':'maybe'}"))
                .extracting(SchemaFinding::kind)
                .containsExactly(Kind.UNKNOWN_VALUE);
    }

    @Test
    void what_is_deprecated_or_unstable_is_a_warning_where_it_is_used() {
        QmpSchema newest = RecordedSchemas.ALL.get("11.1");
        assertThat(newest).isNotNull();

        assertThat(only("x-query-irq", "{}").kind()).isEqualTo(Kind.UNSTABLE);
        assertThat(only("nbd-server-remove", "{'name':'n'}").message())
                .isEqualTo("the command 'nbd-server-remove' is deprecated: a later QEMU will not have it");
        assertThat(check(newest, "block-commit", "{'device':'vda','base':'/b'}"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.kind()).isEqualTo(Kind.DEPRECATED);
                    assertThat(finding.path()).isEqualTo("base");
                });
        assertThat(check(newest, "block-commit", "{'device':'vda'}")).isEmpty();
        assertThat(only("migrate-set-parameters", "{'x-checkpoint-delay':1}").path())
                .isEqualTo("x-checkpoint-delay");
        assertThat(only("migrate-set-capabilities", "{'capabilities':[{'capability':'x-colo','state':true}]}"))
                .isEqualTo(new SchemaFinding(
                        Kind.UNSTABLE,
                        "capabilities.0.capability",
                        "'x-colo' as 'capabilities.0.capability' of 'migrate-set-capabilities' is unstable:"
                                + " another QEMU may not have it, or mean something else by it",
                        Optional.empty()));
    }

    @Test
    void a_device_takes_more_than_any_schema_shows() {
        assertThat(check("device_add", "{'driver':'virtio-blk-pci','drive':'d','share-rw':true,'id':'v'}"))
                .isEmpty();
        assertThat(check("device_add", "{'id':'v'}"))
                .extracting(SchemaFinding::kind)
                .containsExactly(Kind.MISSING_ARGUMENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'meta-type':'tuple','name':'1','of':['str']}",
                "{'meta-type':'object','name':'1','members':[{'name':'a','type':'9'}]}",
                "{'meta-type':'object','name':'1','members':[{'name':'a','type':'alt'}]},"
                        + "{'meta-type':'alternate','name':'alt','members':[{'type':'9'}]}",
                "{'meta-type':'object','name':'1','members':[{'name':'a','type':'b'}]},"
                        + "{'meta-type':'builtin','name':'b','json-type':'date'}",
            })
    void what_a_later_qemu_invents_is_left_to_it(String types) {
        QmpSchema later =
                QmpSchema.of(json("[{'meta-type':'command','name':'c','arg-type':'1','ret-type':'1'}," + types + "]"));

        assertThat(check(later, "c", "{'a':[{'b':null}]}")).isEmpty();
    }

    @Test
    void a_schema_that_runs_in_circles_is_checked_to_the_end_of_the_json() {
        QmpSchema circles = QmpSchema.of(json("""
                [{'meta-type':'command','name':'c','arg-type':'1','ret-type':'1'},
                 {'meta-type':'builtin','name':'str','json-type':'string'},
                 {'meta-type':'object','name':'1','tag':'t','members':[{'name':'t','type':'str'},{'name':'u','type':'2','default':null}],'variants':[{'case':'x','type':'1'}]},
                 {'meta-type':'alternate','name':'2','members':[{'type':'2'},{'type':'3'},{'type':'1'}]},
                 {'meta-type':'array','name':'3','element-type':'3'}]"""));

        assertThat(check(circles, "c", "{'t':'x','u':{'t':'x','u':[[[]]]}}")).isEmpty();
        assertThat(check(circles, "c", "{'t':'x','u':[[7]]}"))
                .extracting(SchemaFinding::path)
                .containsExactly("u.0.0");
    }

    private static QmpSchema schema(String version, String program, int micro) {
        String[] numbers = version.split("\\.");
        return QmpSchema.of(
                Schemas.json(version, program),
                new QemuVersion(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]), micro, ""));
    }

    private static List<String> messages(String version, int micro, String command, String arguments) {
        return check(schema(version, "qemu-system-x86_64", micro), command, arguments).stream()
                .filter(finding -> finding.kind() != Kind.MISSING_ARGUMENT)
                .map(SchemaFinding::message)
                .toList();
    }

    @Test
    void an_argument_of_another_qemus_comes_with_the_versions_that_have_it() {
        assertThat(messages("7.2", 22, "blockdev-backup", "{'discard-source':true}"))
                .containsExactly("'discard-source' of 'blockdev-backup' is not in QEMU 7.2.22; it is in 10.0 and 11.1");
        assertThat(messages("7.2", 22, "transaction", """
                        {'actions':[{'type':'blockdev-backup','data':{'device':'a','target':'b','sync':'full','discard-source':true}},
                                    {'type':'blockdev-snapshot','data':{'node':'a','overlay':'b','discard-source':true}}]}"""))
                .containsExactly(
                        "'actions.0.data.discard-source' of 'transaction' is not in QEMU 7.2.22; it is in 10.0 and 11.1",
                        "'actions.1.data' of transaction has no argument 'actions.1.data.discard-source'");
    }

    @Test
    void so_do_a_command_and_a_value() {
        assertThat(messages("7.2", 22, "block-job-change", "{'id':'j'}"))
                .containsExactly("the command 'block-job-change' is not in QEMU 7.2.22; it is in 10.0 and 11.1");
        assertThat(messages("11.1", 3, "query-migrationthreads", "{}"))
                .containsExactly("the command 'query-migrationthreads' is not in QEMU 11.1.3; it is in 10.0");
        assertThat(messages("7.2", 22, "blockdev-add", "{'driver':'virtio-blk-vhost-user','path':'/s'}"))
                .containsExactly(
                        "'driver' cannot be 'virtio-blk-vhost-user': that is not in QEMU 7.2.22;" + " it is in 11.1");
    }

    @Test
    void what_no_known_qemu_has_is_not_said_to_be_anywhere() {
        assertThat(messages("7.2", 22, "blockdev-backup", "{'discard-sourc':true}"))
                .containsExactly("blockdev-backup has no argument 'discard-sourc'");
        assertThat(messages("7.2", 22, "make-coffee", "{}")).containsExactly("this QEMU has no command 'make-coffee'");
    }

    @Test
    void another_build_of_the_same_version_is_not_mistaken_for_this_one() {
        QmpSchema other = QmpSchema.of(
                json("[{'meta-type':'command','name':'query-status','arg-type':'0','ret-type':'0'}]"),
                new QemuVersion(10, 0, 2, ""));

        assertThat(check(other, "query-sev", "{}"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message())
                        .isEqualTo("the command 'query-sev' is not in this QEMU; it is in other builds of 7.2, 10.0 and"
                                + " 11.1"));
    }

    @Test
    void a_storage_daemon_is_not_told_that_it_is_old_but_what_it_is() {
        QmpSchema daemon = schema("10.0", "qemu-storage-daemon", 2);

        assertThat(check(daemon, "device_add", "{}"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message())
                        .isEqualTo("'device_add' is a command of qemu-system-x86_64, and this is no such program"));
        assertThat(check(schema("7.2", "qemu-storage-daemon", 22), "block-job-change", "{}"))
                .singleElement()
                .satisfies(finding ->
                        assertThat(finding.message()).endsWith("is not in QEMU 7.2.22; it is in 10.0 and 11.1"));
    }

    @Test
    void every_recorded_schema_comes_with_the_library_the_oldest_first() {
        assertThat(RecordedQemu.all())
                .extracting(qemu -> qemu.version() + " " + qemu.program())
                .containsExactly(
                        "7.2 qemu-storage-daemon",
                        "7.2 qemu-system-x86_64",
                        "10.0 qemu-storage-daemon",
                        "10.0 qemu-system-x86_64",
                        "11.1 qemu-storage-daemon",
                        "11.1 qemu-system-x86_64");
    }
}
