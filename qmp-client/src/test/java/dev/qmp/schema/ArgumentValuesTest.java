package dev.qmp.schema;

import static dev.qmp.schema.RecordedSchemas.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.FileNotFoundException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One word, one value: what each type makes of a text. */
class ArgumentValuesTest {

    private static JsonNode arguments(String command, String... words) {
        return new ArgumentParser(RecordedSchemas.QEMU_7_2, name -> {
                    throw new FileNotFoundException(name);
                })
                .parse(command, List.of(words))
                .toRequest()
                .path("arguments");
    }

    @Test
    void a_snapshot_is_strings_and_a_checked_enumeration() {
        assertThat(arguments(
                        "blockdev-snapshot-sync",
                        "node-name=disk0",
                        "snapshot-file=/images/a=b,c.qcow2",
                        "snapshot-node-name=123",
                        "format=qcow2",
                        "mode=existing"))
                .isEqualTo(json("""
                        {'node-name':'disk0','snapshot-file':'/images/a=b,c.qcow2','snapshot-node-name':'123',
                         'format':'qcow2','mode':'existing'}"""));
    }

    @Test
    void a_pull_has_a_speed_with_a_unit_and_booleans() {
        assertThat(arguments("block-stream", "device=vda", "speed=64M", "auto-dismiss=off", "auto-finalize=yes"))
                .isEqualTo(json("{'device':'vda','speed':67108864,'auto-dismiss':false,'auto-finalize':true}"));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "010, 10",
        "-1, -1",
        "+7, 7",
        "0x1E, 30",
        "-0xff, -255",
        "1k, 1024",
        "2G, 2147483648",
        "3T, 3298534883328",
        "2147483648, 2147483648",
        "9007199254740993, 9007199254740993",
        "9223372036854775808, 9223372036854775808",
        "18446744073709551615, 18446744073709551615",
        "0xffffffffffffffff, 18446744073709551615",
        "-9223372036854775808, -9223372036854775808",
    })
    void an_integer_keeps_every_digit(String text, String value) {
        assertThat(arguments("block_resize", "device=vda", "size=" + text))
                .isEqualTo(json("{'device':'vda','size':" + value + "}"));
    }

    @Test
    void a_command_of_the_human_monitor_is_one_word_of_the_shells() {
        assertThat(arguments("human-monitor-command", "command-line=info version", "cpu-index=0"))
                .isEqualTo(json("{'command-line':'info version','cpu-index':0}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "true", "12", "null", "{", "[a]", "\"x\"", " x ", "a:=b", "Ω"})
    void a_string_is_taken_word_for_word(String value) {
        assertThat(arguments("job-cancel", "id=" + value).path("id").textValue())
                .isEqualTo(value);
    }

    @Test
    void a_doubled_at_sign_begins_a_string_with_one() {
        assertThat(arguments("job-cancel", "id=@@x@y").path("id").textValue()).isEqualTo("@x@y");
    }

    @Test
    void a_command_without_arguments_sends_none() {
        assertThat(arguments("query-status").isMissingNode()).isTrue();
        assertThat(arguments("query-named-block-nodes", "flat=true")).isEqualTo(json("{'flat':true}"));
    }

    @Test
    void a_link_goes_down_by_a_boolean() {
        assertThat(arguments("set_link", "name=net0", "up=no")).isEqualTo(json("{'name':'net0','up':false}"));
    }

    @Test
    void a_scalar_alternate_is_a_string_or_null() {
        assertThat(arguments("migrate-set-parameters", "tls-creds=tls0", "tls-hostname=null", "max-bandwidth=1G"))
                .isEqualTo(json("{'tls-creds':'tls0','tls-hostname':null,'max-bandwidth':1073741824}"));
    }

    @Test
    void a_number_in_json_keeps_every_digit() {
        assertThat(arguments("block-stream", "device=vda", "speed:=[0.12345678901234567890123,1e400]")
                        .toString())
                .isEqualTo("{\"device\":\"vda\",\"speed\":[0.12345678901234567890123,1E+400]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "7 | 7",
                "18446744073709551615 | 18446744073709551615",
                "true | true",
                "null | null",
                "{\"a\":1} | {'a':1}",
                "[1,2] | [1,2]",
                "\"7\" | '7'",
                "off | 'off'",
                "drive0 | 'drive0'",
                "007 | '007'",
                "10.0.0.1 | '10.0.0.1'",
                "NaN | 'NaN'",
                "1 2 | '1 2'",
            })
    void a_value_of_any_type_is_json_where_it_is_json(String text, String value) {
        assertThat(arguments("qom-set", "path=/machine", "property=p", "value=" + text)
                        .path("value"))
                .isEqualTo(json(value));
    }

    @Test
    void an_empty_value_of_any_type_is_the_empty_string() {
        assertThat(arguments("qom-set", "path=/m", "property=p", "value=").path("value"))
                .isEqualTo(json("''"));
    }

    /** The schema of 7.2 to 11.1 shows driver, bus and id; QEMU takes every property of the driver. */
    @Test
    void device_add_takes_keys_that_its_schema_does_not_show() {
        assertThat(arguments(
                        "device_add",
                        "driver=virtio-blk-pci",
                        "id=123",
                        "drive=node0",
                        "bootindex=1",
                        "share-rw=true",
                        "write-cache=on",
                        "serial=\"42\"",
                        "a.b=c",
                        "{\"iothread-vq-mapping\":[{\"iothread\":\"t0\"}]}"))
                .isEqualTo(json("""
                        {'driver':'virtio-blk-pci','id':'123','drive':'node0','bootindex':1,'share-rw':true,
                         'write-cache':'on','serial':'42','a.b':'c','iothread-vq-mapping':[{'iothread':'t0'}]}"""));
    }
}
