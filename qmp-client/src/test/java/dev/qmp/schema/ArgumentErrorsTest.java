package dev.qmp.schema;

import static dev.qmp.schema.RecordedSchemas.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.qmp.qapi.RawCommand;
import java.io.FileNotFoundException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentErrorsTest {

    /** The first thing that is wrong: the words make no JSON, or it is none that the command takes. */
    private static ArgumentException refused(
            QmpSchema schema, ArgumentParser.FileReader files, String command, String... words) {
        ArgumentException refusal = catchThrowableOfType(ArgumentException.class, () -> {
            RawCommand parsed = new ArgumentParser(schema, files).parse(command, List.of(words));
            for (SchemaFinding finding : SchemaValidator.check(schema, parsed)) {
                throw new ArgumentException(finding.message(), finding.hint().orElse(null));
            }
        });
        assertThat(refusal).as("%s %s is refused", command, List.of(words)).isNotNull();
        return refusal;
    }

    private static ArgumentException refused(String command, String... words) {
        return refused(
                RecordedSchemas.QEMU_7_2,
                name -> {
                    throw new FileNotFoundException(name);
                },
                command,
                words);
    }

    @Test
    void an_unknown_command_comes_with_the_names_it_may_be_a_slip_of() {
        ArgumentException refusal = refused("block-steam", "device=vda");

        assertThat(refusal).hasMessage("this QEMU has no command 'block-steam'");
        assertThat(refusal.hint()).hasValueSatisfying(hint -> assertThat(hint).startsWith("did you mean block-stream"));
        assertThat(refused("make-coffee").hint()).isEmpty();
    }

    @Test
    void an_unknown_argument_comes_with_those_there_are_the_nearest_first() {
        ArgumentException refusal = refused("set_link", "nam=net0", "up=off");

        assertThat(refusal).hasMessage("set_link has no argument 'nam'");
        assertThat(refusal.hint()).contains("did you mean name? it takes name (mandatory), up (mandatory)");
    }

    @Test
    void a_command_that_takes_nothing_says_so() {
        assertThat(refused("quit", "now=yes").hint()).contains("it takes none");
    }

    @Test
    void an_argument_of_another_branch_says_which() {
        ArgumentException refusal = refused("blockdev-add", "driver=qcow2", "file.driver=host_device", "filename=/x");

        assertThat(refusal).hasMessage("blockdev-add with driver=qcow2 has no argument 'filename'");
        assertThat(refusal.hint())
                .hasValueSatisfying(hint -> assertThat(hint)
                        .startsWith("'filename' goes with driver=file|host_cdrom|host_device; it takes "));
    }

    @Test
    void an_unknown_argument_deep_down_is_named_with_its_path() {
        ArgumentException refusal = refused("blockdev-add", "driver=raw", "file.driver=file", "file.filname=/x");

        assertThat(refusal).hasMessage("'file' of blockdev-add with file.driver=file has no argument 'file.filname'");
        assertThat(refusal.hint())
                .hasValueSatisfying(hint -> assertThat(hint)
                        .startsWith("did you mean file.filename? it takes file.filename (mandatory), "));
    }

    @Test
    void missing_arguments_are_listed_with_their_types() {
        assertThat(refused("set_link")).hasMessage("set_link needs name (string), up (boolean)");
        assertThat(refused("block_resize", "{\"device\":\"vda\"}")).hasMessage("block_resize needs size (integer)");
        assertThat(refused("blockdev-add", "driver=raw", "file.driver=file"))
                .hasMessage("'file' of blockdev-add needs file.filename (string)");
        assertThat(refused("transaction", "actions.0.type=abort"))
                .hasMessage("'actions.0' of transaction needs actions.0.data (object)");
    }

    @Test
    void the_tag_of_a_union_is_asked_for_before_anything_else() {
        assertThat(refused("netdev_add", "hostname=h")).hasMessageStartingWith("netdev_add needs type (none|nic|user|");
        assertThat(refused("blockdev-add", "driver=raw", "file.filename=/x"))
                .hasMessageStartingWith("'file' of blockdev-add needs file.driver (");
    }

    @Test
    void a_value_outside_an_enumeration_comes_with_the_values_the_nearest_first() {
        ArgumentException refusal = refused("block-stream", "device=vda", "on-error=stpo");

        assertThat(refusal).hasMessage("'on-error' cannot be 'stpo'");
        assertThat(refusal.hint())
                .hasValueSatisfying(hint -> assertThat(hint)
                        .startsWith("did you mean stop? it is one of stop, ")
                        .contains("enospc"));
        assertThat(refused("blockdev-add", "{\"driver\":\"qcow3\"}")).hasMessage("'driver' cannot be 'qcow3'");
    }

    @Test
    void a_long_enumeration_is_cut_and_counted() {
        assertThat(refused("send-key", "keys.0.type=qcode", "keys.0.data=entr").hint())
                .hasValueSatisfying(hint ->
                        assertThat(hint).contains("ret, ").contains("… (").hasSizeLessThan(150));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "1.5",
                "1.5G",
                "64MB",
                "0x",
                "0x1K",
                "1 ",
                "18446744073709551616",
                "-9223372036854775809",
                "16E",
            })
    void what_is_no_integer_of_64_bits_is_refused(String value) {
        assertThat(refused("block_resize", "device=vda", "size=" + value)).hasMessageContaining("'size'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "ON", "tru"})
    void what_is_no_boolean_is_refused(String value) {
        assertThat(refused("set_link", "name=n", "up=" + value)).hasMessage("'up' is a boolean, not '" + value + "'");
    }

    @Test
    void a_key_given_twice_is_refused_whichever_way() {
        assertThat(refused("job-cancel", "id=a", "id=b")).hasMessage("'id' is given twice");
        assertThat(refused("job-cancel", "id=a", "{\"id\":\"b\"}")).hasMessage("'id' is given twice");
        assertThat(refused("blockdev-add", "driver=raw", "driver=qcow2", "file=f"))
                .hasMessage("'driver' is given twice");
        assertThat(refused(
                        "blockdev-add", "driver=raw", "file.filename=/x", "file={\"driver\":\"file\",\"filename\":1}"))
                .hasMessage("'file.filename' is given twice");
        assertThat(refused("job-cancel", "{\"id\":\"a\",\"id\":\"b\"}"))
                .hasMessageStartingWith("malformed JSON in the arguments at line 1, column ")
                .hasMessageContaining("Duplicate field 'id'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "id.x=1 | 'id' is string and has no members",
                "id | 'id' is no argument",
                "=x | '=x' is no argument",
                ":=1 | ':=1' is no argument",
                ".a=1 | '.a=1' is no argument",
                "a..b=1 | 'a..b=1' is no argument",
                "[1] | '[1]' is no argument",
                "id=@ | there is no file name after the @",
            })
    void a_word_of_no_known_form_is_refused(String word, String message) {
        assertThat(refused("job-cancel", word)).hasMessage(message);
    }

    @Test
    void an_object_is_not_a_text_and_an_arrays_numbers_have_no_gap() {
        assertThat(refused("blockdev-add", "driver=raw", "file=f", "cache=none"))
                .hasMessage("'cache' is an object");
        assertThat(refused("blockdev-add", "driver=raw", "file=f", "file.driver=file"))
                .hasMessage("'file' is an object");
        assertThat(refused("transaction", "actions.1.type=abort"))
                .hasMessage("'actions' is an array, and 1 do not count from 0 without a gap");
    }

    @Test
    void malformed_json_is_refused_with_its_position() {
        assertThat(refused("transaction", "actions=[{\"type\" \"abort\"}]"))
                .hasMessageStartingWith("malformed JSON in 'actions' at line 1, column 10: ");
        assertThat(refused("transaction", "{\"actions\":\n["))
                .hasMessageStartingWith("malformed JSON in the arguments at line 2")
                .message()
                .doesNotContain("Source");
        assertThat(refused("transaction", "actions:=[] []"))
                .hasMessageStartingWith("malformed JSON in 'actions' at line 1");
        assertThat(refused("transaction", "actions:=")).hasMessage("malformed JSON in 'actions': it is empty");
        assertThat(refused("qom-set", "path=/m", "property=p", "value={1"))
                .hasMessageStartingWith("malformed JSON in 'value'");
    }

    @Test
    void a_file_that_cannot_be_read_or_holds_no_object_is_refused() {
        ArgumentParser.FileReader missing = name -> {
            throw new NoSuchFileException(name);
        };

        assertThat(refused(RecordedSchemas.QEMU_7_2, missing, "job-cancel", "id=@f.json"))
                .hasMessage("the file 'f.json' cannot be read: no such file")
                .hasCauseInstanceOf(NoSuchFileException.class);
        assertThat(refused(RecordedSchemas.QEMU_7_2, name -> "\"text\"", "job-cancel", "@f.json"))
                .hasMessage("the arguments are no JSON object");
    }

    @Test
    void without_a_schema_a_key_given_twice_is_still_refused() {
        ArgumentParser parser = ArgumentParser.withoutSchema(name -> "");

        assertThatThrownBy(() -> parser.parse("c", List.of("a=1", "a=2")))
                .isInstanceOf(ArgumentException.class)
                .hasMessage("'a' is given twice");
        assertThatThrownBy(() -> parser.parse("c", List.of("a=1", "a.b=2"))).hasMessage("'a.b' is given twice");
    }

    @Test
    void a_schema_that_runs_in_circles_ends_in_a_refusal() {
        QmpSchema circles = QmpSchema.of(json("""
                [{'meta-type':'command','name':'c','arg-type':'1','ret-type':'1'},
                 {'meta-type':'builtin','name':'str','json-type':'string'},
                 {'meta-type':'object','name':'1','tag':'t','members':[{'name':'t','type':'str'},{'name':'u','type':'2','default':null}],'variants':[{'case':'x','type':'1'}]},
                 {'meta-type':'alternate','name':'2','members':[{'type':'2'},{'type':'3'}]},
                 {'meta-type':'array','name':'3','element-type':'3'}]"""));

        assertThat(refused(circles, name -> "", "c", "t=x", "u=1")).hasMessageStartingWith("'u' cannot be '1'");
        assertThat(refused(circles, name -> "", "c", "t=x", "u=1", "u=2")).hasMessage("'u' is an array of arrays");
    }
}
