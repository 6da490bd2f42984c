package dev.qmp.schema;

import static dev.qmp.schema.RecordedSchemas.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.qmp.fixtures.recorded.Schemas;
import dev.qmp.schema.SchemaChange.Kind;
import dev.qmp.schema.SchemaChange.Subject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaDiffTest {

    private static final Pattern MASKED = Pattern.compile("\"(\\[?)([0-9]+)(]?)\"");

    private static QmpSchema recorded(String version) {
        return Objects.requireNonNull(RecordedSchemas.ALL.get(version));
    }

    private static List<String> changes(QmpSchema from, QmpSchema to) {
        return SchemaDiff.between(from, to).stream()
                .map(change -> (change.kind() + " " + change.subject() + " " + change.name() + " " + change.from() + " "
                        + change.to()))
                .toList();
    }

    private static List<String> ofC(String before, String after) {
        String command = "{'meta-type':'command','name':'c','arg-type':'1','ret-type':'0'},"
                + "{'meta-type':'object','name':'0','members':[]},"
                + "{'meta-type':'builtin','name':'str','json-type':'string'},"
                + "{'meta-type':'builtin','name':'int','json-type':'int'},";
        return changes(
                QmpSchema.of(json("[" + command + before + "]")), QmpSchema.of(json("[" + command + after + "]")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"7.2", "10.0", "11.1"})
    void a_schema_does_not_differ_from_itself_under_other_numbers_and_in_another_order(String version)
            throws IOException {
        for (String program : List.of(Schemas.SYSTEM, Schemas.STORAGE_DAEMON)) {
            JsonNode original = Schemas.json(version, program);
            // "1" is a text of QKeyCode as well, so numbers of one digit stay.
            String renumbered = MASKED.matcher(original.toString())
                    .replaceAll(match -> "\"" + match.group(1) + (match.group(2).length() > 1 ? "9" : "")
                            + match.group(2) + match.group(3) + "\"");
            List<JsonNode> entries = new ArrayList<>();
            new ObjectMapper().readTree(renumbered).forEach(entries::add);
            Collections.shuffle(entries, new Random(1));
            ArrayNode shuffled = new ObjectMapper().createArrayNode().addAll(entries);

            assertThat(SchemaDiff.between(QmpSchema.of(original), QmpSchema.of(shuffled)))
                    .isEmpty();
        }
    }

    @Test
    void what_a_newer_qemu_has_is_added_and_the_other_way_round_it_is_removed() {
        List<String> forward = changes(recorded("7.2"), recorded("10.0"));
        List<String> back = changes(recorded("10.0"), recorded("7.2"));

        assertThat(forward)
                .contains(
                        "ADDED COMMAND block-job-change null null",
                        "REMOVED COMMAND x-query-profile null null",
                        "REMOVED EVENT MEM_UNPLUG_ERROR null null",
                        "ADDED ARGUMENT blockdev-backup.discard-source null boolean, optional",
                        "ADDED ARGUMENT transaction.actions.blockdev-backup.data.discard-source null boolean, optional",
                        "ADDED ARGUMENT blockdev-add.qcow2.discard-no-unref null boolean, optional",
                        "REMOVED REPLY query-status.reply.singlestep boolean, mandatory null",
                        "ADDED DATA BLOCK_IO_ERROR.qom-path null string, mandatory",
                        "ADDED VALUE blockdev-add.rbd.encrypt.format null luks-any",
                        "ADDED FEATURE blockdev-add.driver null gluster: deprecated",
                        "CHANGED PRESENCE migrate.uri mandatory optional");
        assertThat(back)
                .hasSameSizeAs(forward)
                .contains(
                        "REMOVED COMMAND block-job-change null null",
                        "REMOVED ARGUMENT blockdev-backup.discard-source boolean, optional null",
                        "CHANGED PRESENCE migrate.uri optional mandatory");
    }

    @Test
    void a_change_of_type_is_told_in_words() {
        assertThat(changes(recorded("10.0"), recorded("11.1")))
                .contains(
                        "CHANGED TYPE block-export-add.iothread string string or array of string",
                        "ADDED FEATURE block-job-pause null deprecated");
    }

    @Test
    void every_place_that_differs_can_be_looked_up() {
        for (String[] pair : new String[][] {{"7.2", "10.0"}, {"10.0", "11.1"}, {"7.2", "11.1"}}) {
            QmpSchema from = recorded(pair[0]);
            QmpSchema to = recorded(pair[1]);
            for (SchemaChange change : SchemaDiff.between(from, to)) {
                QmpSchema having = change.kind() == Kind.REMOVED ? from : to;
                assertThat(having.place(change.name())).as(change.toString()).isNotNull();
                assertThat(change.from() == null && change.to() == null)
                        .as("only a command or an event says it all by its name: %s", change)
                        .isEqualTo(change.subject() == Subject.COMMAND || change.subject() == Subject.EVENT);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'type':'str' | 'type':'int' | CHANGED TYPE c.a string integer",
                "'type':'str' | 'type':'str','default':null | CHANGED PRESENCE c.a mandatory optional",
                "'type':'str' | 'type':'str','features':['unstable'] | ADDED FEATURE c.a null unstable",
                "'type':'str','features':['x'] | 'type':'str' | REMOVED FEATURE c.a x null",
            })
    void a_member_changes_in_type_presence_and_features(String before, String after, String change) {
        String member = "{'meta-type':'object','name':'1','members':[{'name':'a',%s}]}";
        assertThat(ofC(member.formatted(before), member.formatted(after))).containsExactly(change);
    }

    @Test
    void a_plain_type_that_became_an_alternate_is_one_of_its_alternatives() {
        assertThat(ofC(
                        "{'meta-type':'object','name':'1','members':[{'name':'a','type':'2'}]},"
                                + "{'meta-type':'enum','name':'2','values':['on','off']}",
                        "{'meta-type':'object','name':'1','members':[{'name':'a','type':'3'}]},"
                                + "{'meta-type':'alternate','name':'3','members':[{'type':'2'},{'type':'int'}]},"
                                + "{'meta-type':'enum','name':'2','values':['on','off','auto']}"))
                .containsExactlyInAnyOrder(
                        "CHANGED TYPE c.a on|off on|off|auto or integer", "ADDED VALUE c.a null auto");
    }

    @Test
    void a_branch_that_came_with_its_value_is_told_by_the_value_alone() {
        String union =
                "{'meta-type':'object','name':'1','tag':'t','members':[{'name':'t','type':'2'}],'variants':[%s]},"
                        + "{'meta-type':'enum','name':'2','values':[%s]},"
                        + "{'meta-type':'object','name':'3','members':[{'name':'m','type':'str'}]}";
        String both = "{'case':'x','type':'3'},{'case':'y','type':'3'}";
        String one = "{'case':'x','type':'3'}";

        assertThat(ofC(union.formatted(one, "'x'"), union.formatted(both, "'x','y'")))
                .containsExactly("ADDED VALUE c.t null y");
        assertThat(ofC(union.formatted(one, "'x','y'"), union.formatted(both, "'x','y'")))
                .as("the value was there and got members")
                .containsExactly("ADDED ARGUMENT c.y.m null string, mandatory");
    }

    @Test
    void out_of_band_is_a_feature_too() {
        String command = "[{'meta-type':'command','name':'c','arg-type':'0','ret-type':'0'%s}]";
        assertThat(changes(
                        QmpSchema.of(json(command.formatted(""))),
                        QmpSchema.of(json(command.formatted(",'allow-oob':true")))))
                .containsExactly("ADDED FEATURE c null allow-oob");
    }

    @Test
    void schemas_that_run_in_circles_are_compared_to_their_end() {
        String circles = "{'meta-type':'object','name':'1','tag':'t','members':[{'name':'t','type':'str'},"
                + "{'name':'u','type':'2'}%s],'variants':[{'case':'x','type':'1'}]},"
                + "{'meta-type':'alternate','name':'2','members':[{'type':'2'},{'type':'3'},{'type':'1'}]},"
                + "{'meta-type':'array','name':'3','element-type':'3'}";

        assertThat(ofC(circles.formatted(""), circles.formatted(",{'name':'new','type':'str'}")))
                .containsExactly("ADDED ARGUMENT c.new null string, mandatory");
    }
}
