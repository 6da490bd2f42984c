package dev.qmp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.qmp.session.TrafficListener;
import dev.qmp.session.TrafficListener.Direction;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each secret in these lines is called geheim. */
class SecretsTest {

    private static String line(String singleQuoted) {
        return singleQuoted.replace('\'', '"');
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'execute':'set_password','arguments':{'protocol':'vnc','password':'geheim'}}",
                "{'exec-oob':'set_password','arguments':{'protocol':'vnc','password':'geheim'}}",
                "{'execute':'set_password','arguments':{'password':['geheim']}}",
                "{'execute':'change-vnc-password','arguments':{'password':'geheim'}}",
                "{'execute':'block_passwd','arguments':{'device':'vda','password':'geheim'}}",
                "{'execute':'object-add','arguments':{'qom-type':'secret','id':'s','data':'geheim'}}",
                "{'execute':'object-add','arguments':{'data':'geheim','qom-type':'secret_keyring','id':'s'}}",
                "{'execute':'object-add','arguments':{'props':{'data':'geheim'},'qom-type':'secret','id':'s'}}",
                "{'execute':'qom-set','arguments':{'path':'/objects/s','property':'data','value':'geheim'}}",
                "{'execute':'sev-inject-launch-secret','arguments':{'packet-header':'x','secret':'geheim'}}",
                "{'execute':'blockdev-add','arguments':{'driver':'https','url':'https://h/','cookie':'geheim'}}",
                "{'execute':'blockdev-add','arguments':{'driver':'x','a':[{'password':'geheim'}]}}",
                "{'execute':'blockdev-add','arguments':{'driver':'https','url':'https://me:geheim@host/disk'}}",
                "{'execute':'blockdev-add','arguments':{'filename':'iscsi://me%geheim@host/iqn.x/1'}}",
                "{'return':{'filename':'rbd:pool/image:id=me:key=geheim:conf=/etc/ceph'}}",
                "{'return':['https://me:geheim@host/disk']}",
                "{'execute':'transaction','arguments':{'actions':[{'type':'x-set','data':{'passwd':'geheim'}},"
                        + "{'type':'y','data':{'z':[{'qom-type':'secret','data':'geheim'}]}}]}}",
                "{'execute':'from-the-future','arguments':{'deep':{'private-key':'geheim','key-material':{'a':'geheim'}}}}",
                "{'execute':'human-monitor-command','arguments':{'command-line':'set_password vnc geheim keep'}}",
                "{'execute':'human-monitor-command','arguments':{'command-line':' change vnc password geheim und mehr'}}",
                "{'execute':'human-monitor-command','arguments':{'command-line':'block_passwd vda geheim'}}",
                "{'execute':'human-monitor-command','arguments':{'command-line':'object_add secret,id=s,data=geheim,,geheim'}}",
                "{'execute':'human-monitor-command','arguments':{'command-line':'drive_add 0 password=geheim,if=none'}}",
                "{'execute':'guest-set-user-password','arguments':{'username':'root','password':'geheim','crypted':true}}",
                "{'return':[{'file':'json:{\\'driver\\':\\'https\\',\\'cookie\\':\\'geheim\\'}'}]}",
                "{'return':[{'file':'json:{\\'driver\\':\\'raw\\',\\'file.cookie\\':\\'geheim\\'}'}]}",
                "{'return':['json:{\\'file\\':{\\'cookie\\':\\'geheim\\'}}']}",
                "{'error':{'class':'GenericError','desc':'Could not open {x} json:{\\'cookie\\':\\'geheim\\'}: gone'}}",
                "{'error':{'class':'GenericError','desc':'cut off: json:{\\'cookie\\':\\'geheim'}}",
                "{'execute':'human-monitor-command','arguments':{'command-line':"
                        + "'object_add {\\'qom-type\\':\\'secret\\',\\'id\\':\\'s\\',\\'data\\':\\'geheim\\'}'}}",
                "{'execute':'human-monitor-command','arguments':{'command-line':'qom-set /objects/s data geheim'}}",
                "{'execute':'human-monitor-command','arguments':{'command-line':'qom-set -j s password geheim'}}",
                "{'execute':'human-monitor-command','arguments':{'command-line':'drive_add 0 file=rbd:p/i:key=geheim:id=x'}}",
                "{'return':[{'name':'data','type':'string','value':'geheim'}]}",
                "{'execute':'blockdev-add','arguments':{'driver':'x','file.cookie':'geheim'}}",
                "{'execute':'blockdev-add','arguments':{'url':'https://me:p@geheim@host/disk'}}"
            })
    void a_secret_is_never_told(String json) throws IOException {
        String masked = Secrets.mask(line(json));

        assertThat(masked).doesNotContain("geheim").contains("***");
        JsonNode document = new ObjectMapper().readTree(masked);
        assertThat(document.isObject()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'execute':'object-add','arguments':{'qom-type':'iothread','data':'plain'},'id':7}",
                "{'execute':'object-add','arguments':{'qom-type':'tls-creds-x509','passwordid':'sec0','id':'t'}}",
                "{'execute':'blockdev-add','arguments':{'driver':'luks','key-secret':'sec0','password-secret':'sec1'}}",
                "{'execute':'x-blockdev-amend','arguments':{'options':{'new-secret':'sec0','old-secret':'sec1'}}}",
                "{'execute':'expire_password','arguments':{'protocol':'vnc','time':'+60'}}",
                "{'execute':'guest-file-write','arguments':{'handle':1,'buf-b64':'Zm9v'}}",
                "{'execute':'ringbuf-write','arguments':{'device':'r','data':'Zm9v'}}",
                "{'execute':'qom-set','arguments':{'path':'/machine','property':'x','value':'plain'}}",
                "{'execute':'human-monitor-command','arguments':{'command-line':'info block, password-secret=s'}}",
                "{'execute':'transaction','arguments':{'actions':[{'type':'abort','data':{}}]}}",
                "{'return':'{\\'data\\': \\'plain\\', \\'key-secret\\':\\'s0\\'}'}",
                "{'return':[{'name':'size','type':'int','value':7}]}",
                "{'return':[{'name':'password','type':'str'},{'password':null},{'secret':false}]}",
                "{'return':{'u':18446744073709551615,'mail':'me@host','url':'https://host:80/a@b'}}"
            })
    void what_is_no_secret_is_told_word_for_word(String json) {
        assertThat(Secrets.mask(line(json))).isEqualTo(line(json));
    }

    @Test
    void a_value_ends_where_its_option_ends() {
        assertThat(Secrets.mask(line("{'command-line':'object_add secret,id=s,data=ge,,heim,format=raw'}")))
                .isEqualTo(line("{'command-line':'object_add secret,id=s,data=***,format=raw'}"));
        assertThat(Secrets.mask(line("{'filename':'rbd:p/i:key=ge\\\\:heim:conf=c'}")))
                .isEqualTo(line("{'filename':'rbd:p/i:key=***:conf=c'}"));
    }

    @Test
    void a_text_of_megabytes_is_masked_like_a_short_one() {
        String long5 = "geheim,,".repeat(600_000);
        String masked = Secrets.mask(line("{'command-line':'object_add secret,data=" + long5 + "'}"));

        assertThat(masked).isEqualTo(line("{'command-line':'object_add secret,data=***'}"));
        assertThat(Secrets.mask(line("{'url':'" + "://a:".repeat(200_000) + "b@'}")))
                .endsWith(line("://a:***@'}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{}", "{\\'a\\':", "{\\'a\\':1}", "json:{x"})
    @Timeout(60)
    void json_within_a_text_of_megabytes_is_masked_in_time(String piece) {
        String many = piece.repeat(400_000);

        assertThat(Secrets.mask(line("{'text':'" + many + "{\\'cookie\\':\\'geheim\\'}'}")))
                .doesNotContain("geheim");
    }

    @Test
    void many_lines_become_one_and_what_is_no_json_is_told_by_its_length_alone() {
        assertThat(Secrets.mask("{\n  \"return\": {\n  }\n}")).isEqualTo("{\"return\":{}}");
        assertThat(Secrets.mask("password=geheim")).doesNotContain("geheim").contains("15 characters");
    }

    @Test
    void a_masked_listener_hears_the_same_documents_and_losses() {
        List<String> heard = new ArrayList<>();
        TrafficListener listener = new TrafficListener() {
            @Override
            public void document(Direction direction, Instant at, String json) {
                heard.add(direction + " " + json);
            }

            @Override
            public void lost(long documents) {
                heard.add("lost " + documents);
            }
        };
        TrafficListener masked = Secrets.masked(listener);
        masked.document(Direction.SENT, Instant.EPOCH, "{\"password\":\"geheim\"}");
        masked.lost(3);

        assertThat(heard).containsExactly("SENT {\"password\":\"***\"}", "lost 3");
    }
}
