package dev.qmp.schema;

import static dev.qmp.schema.RecordedSchemas.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.qapi.RawCommand;
import java.io.FileNotFoundException;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Words that make arguments: objects, arrays, alternates, JSON and files. Single values are in {@link ArgumentValuesTest},
 * words that make nothing in {@link ArgumentErrorsTest}.
 */
class ArgumentParserTest {

    private static JsonNode arguments(String command, String... words) {
        return new ArgumentParser(RecordedSchemas.QEMU_7_2, name -> {
                    throw new FileNotFoundException(name);
                })
                .parse(command, List.of(words))
                .toRequest()
                .path("arguments");
    }

    @Test
    void dotted_keys_make_objects_and_the_tag_chooses_the_branch_wherever_it_stands() {
        JsonNode node = json("""
                {'driver':'qcow2','node-name':'n','read-only':true,'cache':{'direct':true},'l2-cache-size':1048576,
                 'file':{'driver':'file','filename':'/x','locking':'off','aio':'io_uring'}}""");

        assertThat(arguments(
                        "blockdev-add",
                        "driver=qcow2",
                        "node-name=n",
                        "read-only=on",
                        "cache.direct=on",
                        "l2-cache-size=1M",
                        "file.driver=file",
                        "file.filename=/x",
                        "file.locking=off",
                        "file.aio=io_uring"))
                .isEqualTo(node);
        assertThat(arguments(
                        "blockdev-add",
                        "file.aio=io_uring",
                        "file.locking=off",
                        "file.filename=/x",
                        "file.driver=file",
                        "l2-cache-size=1M",
                        "cache.direct=on",
                        "read-only=on",
                        "node-name=n",
                        "driver=qcow2"))
                .isEqualTo(node);
    }

    @Test
    void a_reference_to_a_node_is_its_name_its_description_or_null() {
        assertThat(arguments("blockdev-add", "driver=qcow2", "file=file0", "backing=null"))
                .isEqualTo(json("{'driver':'qcow2','file':'file0','backing':null}"));
        assertThat(arguments("blockdev-add", "driver=qcow2", "file=file0", "backing:=\"null\""))
                .isEqualTo(json("{'driver':'qcow2','file':'file0','backing':'null'}"));
        assertThat(arguments("blockdev-add", "driver=qcow2", "file={\"driver\":\"null-co\",\"size\":1}"))
                .isEqualTo(json("{'driver':'qcow2','file':{'driver':'null-co','size':1}}"));
    }

    @Test
    void alternates_nest_in_alternates() {
        assertThat(arguments(
                        "blockdev-add",
                        "driver=qcow2",
                        "overlap-check=cached",
                        "file=f",
                        "backing.driver=qcow2",
                        "backing.overlap-check.template=all",
                        "backing.overlap-check.main-header=off",
                        "backing.backing.driver=raw",
                        "backing.backing.file=base",
                        "backing.file=b"))
                .isEqualTo(json("""
                        {'driver':'qcow2','overlap-check':'cached','file':'f',
                         'backing':{'driver':'qcow2','overlap-check':{'template':'all','main-header':false},
                                    'backing':{'driver':'raw','file':'base'},'file':'b'}}"""));
    }

    @Test
    void an_array_is_json_or_a_repeated_key_or_numbered_keys() {
        JsonNode children =
                json("{'driver':'quorum','vote-threshold':2,'children':['a',{'driver':'null-co','size':1024},'c']}");

        assertThat(arguments(
                        "blockdev-add",
                        "driver=quorum",
                        "vote-threshold=2",
                        "children=[\"a\",{\"driver\":\"null-co\",\"size\":1024},\"c\"]"))
                .isEqualTo(children);
        assertThat(arguments(
                        "blockdev-add",
                        "driver=quorum",
                        "vote-threshold=2",
                        "children=a",
                        "children={\"driver\":\"null-co\",\"size\":1024}",
                        "children=c"))
                .isEqualTo(children);
        assertThat(arguments(
                        "blockdev-add",
                        "driver=quorum",
                        "vote-threshold=2",
                        "children.2=c",
                        "children.1.driver=null-co",
                        "children.1.size=1K",
                        "children.0=a"))
                .isEqualTo(children);
    }

    @Test
    void one_value_of_an_array_is_an_array_of_one() {
        assertThat(arguments("qmp_capabilities", "enable=oob")).isEqualTo(json("{'enable':['oob']}"));
    }

    @Test
    void a_transaction_is_json_or_numbered_keys() {
        JsonNode transaction = json("""
                {'actions':[{'type':'blockdev-snapshot-sync','data':{'node-name':'d0','snapshot-file':'/a'}},
                            {'type':'abort','data':{}}]}""");

        assertThat(arguments("transaction", "actions=" + transaction.get("actions")))
                .isEqualTo(transaction);
        assertThat(arguments("transaction", transaction.toString())).isEqualTo(transaction);
        assertThat(arguments(
                        "transaction",
                        "actions.0.type=blockdev-snapshot-sync",
                        "actions.0.data.node-name=d0",
                        "actions.0.data.snapshot-file=/a",
                        "actions.1.type=abort",
                        "actions.1.data={}"))
                .isEqualTo(transaction);
    }

    @Test
    void json_completes_what_words_begin_also_within_an_object() {
        assertThat(arguments("block-stream", "speed=1M", "{\"device\":\"vda\",\"base\":\"/b\"}"))
                .isEqualTo(json("{'speed':1048576,'device':'vda','base':'/b'}"));
        assertThat(arguments(
                        "blockdev-add",
                        "file.filename=/x",
                        "{\"driver\":\"raw\",\"file\":{\"driver\":\"file\",\"locking\":\"off\"}}"))
                .isEqualTo(json("{'driver':'raw','file':{'filename':'/x','driver':'file','locking':'off'}}"));
    }

    @Test
    void json_goes_to_qemu_as_it_is_even_where_the_schema_knows_better() {
        assertThat(arguments("block-stream", "device=vda", "speed:=\"fast\"", "on-error:={\"a\":[1,null]}"))
                .isEqualTo(json("{'device':'vda','speed':'fast','on-error':{'a':[1,null]}}"));
    }

    @Test
    void what_the_schema_does_not_know_becomes_json_all_the_same() {
        assertThat(arguments("block-stream", "new=5", "deep.a=on", "deep.b:=[1]", "device=vda"))
                .isEqualTo(json("{'new':5,'deep':{'a':'on','b':[1]},'device':'vda'}"));
        assertThat(arguments("block-stream", "speed=fast", "on-error=shout", "auto-finalize=1"))
                .isEqualTo(json("{'speed':'fast','on-error':'shout','auto-finalize':'1'}"));
        assertThat(arguments("blockdev-add", "driver=qcow3", "file=5")).isEqualTo(json("{'driver':'qcow3','file':5}"));
        assertThat(arguments("no-such-command", "a=5", "b:=5")).isEqualTo(json("{'a':'5','b':5}"));
    }

    @Test
    void a_network_backend_is_a_flat_union_with_arrays_of_objects() {
        assertThat(arguments("netdev_add", "type=user", "id=net0", "restrict=on", "hostfwd.0.str=tcp::2222-:22"))
                .isEqualTo(json("{'type':'user','id':'net0','restrict':true,'hostfwd':[{'str':'tcp::2222-:22'}]}"));
    }

    @Test
    void an_object_is_a_union_by_its_qom_type() {
        assertThat(arguments("object-add", "qom-type=iothread", "id=io0", "poll-max-ns=32768"))
                .isEqualTo(json("{'qom-type':'iothread','id':'io0','poll-max-ns':32768}"));
        assertThat(arguments(
                        "object-add",
                        "qom-type=memory-backend-ram",
                        "id=m0",
                        "size=16M",
                        "host-nodes=0",
                        "host-nodes=0x1"))
                .isEqualTo(json("{'qom-type':'memory-backend-ram','id':'m0','size':16777216,'host-nodes':[0,1]}"));
    }

    @Test
    void a_character_device_has_unions_below_its_first_level() {
        assertThat(arguments(
                        "chardev-add",
                        "id=c0",
                        "backend.type=socket",
                        "backend.data.addr.type=unix",
                        "backend.data.addr.data.path=@@abstract",
                        "backend.data.server=on"))
                .isEqualTo(json("""
                        {'id':'c0','backend':{'type':'socket','data':{
                         'addr':{'type':'unix','data':{'path':'@abstract'}},'server':true}}}"""));
    }

    @Test
    void files_hold_a_value_or_all_the_arguments() {
        ArgumentParser parser = new ArgumentParser(RecordedSchemas.QEMU_7_2, name -> switch (name) {
            case "all.json" -> "{\"device\":\"vda\", \"speed\":1}\n";
            case "actions.json" -> "[{\"type\":\"abort\",\"data\":{}}]";
            default -> throw new FileNotFoundException(name);
        });

        assertThat(parser.parse("block-stream", List.of("@all.json", "base=/b")))
                .isEqualTo(RawCommand.of("block-stream")
                        .with("device", "vda")
                        .with("speed", json("1"))
                        .with("base", "/b"));
        assertThat(parser.parse("transaction", List.of("actions=@actions.json")))
                .isEqualTo(RawCommand.of("transaction").with("actions", json("[{'type':'abort','data':{}}]")));
    }

    @Test
    void without_a_schema_everything_is_a_string_unless_it_is_json() {
        ArgumentParser parser = ArgumentParser.withoutSchema(name -> "{\"from\":\"" + name + "\"}");

        assertThat(parser.parse(
                                "guest-exec",
                                List.of("path=/bin/ls", "n=5", "m:=5", "up=true", "a.b=1", "a.c:=[2]", "@f", "at=@@x"))
                        .toRequest()
                        .path("arguments"))
                .isEqualTo(json("""
                        {'path':'/bin/ls','n':'5','m':5,'up':'true','a':{'b':'1','c':[2]},'from':'f','at':'@x'}"""));
    }
}
