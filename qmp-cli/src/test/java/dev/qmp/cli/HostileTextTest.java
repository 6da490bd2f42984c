package dev.qmp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.qmp.cli.Cli.Result;
import dev.qmp.fixtures.fake.Answer;
import dev.qmp.fixtures.fake.FakeQmpServer;
import dev.qmp.fixtures.fake.Request;
import dev.qmp.fixtures.fake.Script;
import dev.qmp.fixtures.recorded.Samples;
import dev.qmp.fixtures.recorded.Schemas;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A QEMU whose every name, file name and sentence wants to drive the reader's terminal, forge lines and columns, or turn the
 * direction of writing. Whatever command shows it, in whatever form: the terminal gets nothing of that.
 */
class HostileTextTest {

    /** ESC, OSC and CSI, C1, marks of direction, what nobody sees, line ends, tab, NUL, DEL, halves of characters. */
    private static final String EVIL =
            "\u001b[31m\u001b]0;t\u0007\u009b2J\u202e\u2066\u200b\ufeff\u2028\r\n\t\u0000\u007f\b";

    /** Halves of characters as well: only where a text is not sent back, since they cannot be. */
    private static final String WORSE = EVIL + "\ud800x\udc00";

    /** Members whose text is the peer's own to choose. */
    private static final Set<String> NAMES = Set.of(
            "device",
            "qdev",
            "node-name",
            "file",
            "filename",
            "backing_file",
            "backing-filename",
            "full-backing-filename",
            "id",
            "package",
            "name",
            "desc",
            "error",
            "label",
            "format",
            "drv",
            "driver",
            "status",
            "type",
            "io-status",
            "UUID");

    /** Those that are words of QAPI's: a peer that lies there as well gets no further than to a refusal. */
    private static final Set<String> WORDS = Set.of("drv", "driver", "format", "status", "type", "io-status", "UUID");

    private static final List<String> QUERIES = List.of(
            "query-block",
            "query-block-exports",
            "query-block-jobs",
            "query-blockstats",
            "query-chardev",
            "query-cpus-fast",
            "query-jobs",
            "query-kvm",
            "query-name",
            "query-status",
            "query-uuid",
            "query-version",
            "x-debug-query-block-graph");

    private static final String DISK = "drive0" + EVIL;

    @TempDir
    Path folder;

    /** {@code -} stands for the target. */
    static Stream<List<String>> lines() {
        return Stream.of(
                List.of("status", "-"),
                List.of("disks", "-"),
                List.of("chain", "-"),
                List.of("chain", "-", DISK),
                List.of("chain", "-", "nothing"),
                List.of("chain", "-", "--format", "json"),
                List.of("snapshot", "list", "-"),
                List.of("snapshot", "tree", "-"),
                List.of("snapshot", "show", "-", "nothing"),
                List.of("snapshot", "create", "-", "one", "--disk", DISK, "--dry-run"),
                List.of("snapshot", "create", "-", "one", "--disk", DISK),
                List.of("pull", "-", DISK, "--dry-run"),
                List.of("pull", "-", DISK),
                List.of("copy", "-", DISK, "/nowhere/copy.qcow2", "--dry-run"),
                List.of("copy", "-", DISK, "/nowhere/copy.qcow2"),
                List.of("job", "list", "-"),
                List.of("job", "show", "-", DISK),
                List.of("job", "show", "-", "nothing"),
                List.of("job", "cancel", "-", DISK),
                List.of("job", "pause", "-", DISK),
                List.of("job", "speed", "-", DISK, "1M"),
                List.of("exec", "-", "query-block"),
                List.of("exec", "-", "query-name"),
                List.of("exec", "-", "query-refused", "--no-validate"),
                List.of("exec", "-", "block-stream", "device=" + DISK),
                List.of("schema", "-"),
                List.of("schema", "-", "query-block"),
                List.of("schema", "-", "evil" + EVIL),
                List.of("schema", "-", "loop"),
                List.of("schema", "-", "array-loop"),
                List.of("schema", "-", "LOOP"),
                List.of("schema", "-", "loop.self.self.either"),
                List.of("exec", "-", "loop", "self.self.self.self.list=1"),
                List.of("exec", "-", "loop", "either=1", "list=[[[[1]]]]"),
                List.of("exec", "-", "array-loop", "x=1"),
                List.of("domblklist", "-"),
                List.of("domblklist", "-", "--details"),
                List.of("snapshot-list", "-"),
                List.of("snapshot-list", "-", "--tree"),
                List.of("snapshot-create-as", "-", "one", "--disk-only"),
                List.of("blockjob", "-", DISK, "--info"),
                List.of("blockjob", "-", DISK, "--abort"),
                List.of("blockpull", "-", DISK, "--wait", "--verbose"),
                List.of("blockcommit", "-", DISK, "--active", "--pivot", "--verbose"),
                List.of("commit", "-", DISK),
                List.of("operations", "list", "-"),
                List.of("snapshot", "revert", "-", "evil" + EVIL),
                List.of("snapshot-info", "-", "evil" + EVIL),
                List.of("snapshot", "tree", "-", "--format", "svg"),
                List.of("snapshot", "tree", "-", "--format", "dot"),
                List.of("snapshot", "adopt", "-"),
                List.of("operations", "resume", "-", "evil" + EVIL),
                List.of("snapshot", "delete", "-", "evil" + EVIL),
                List.of("blockcopy", "-", DISK, "/nowhere/copy.qcow2", "--verbose", "--finish"));
    }

    private static JsonNode evil(JsonNode node, boolean words) {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                boolean chosen = NAMES.contains(member.getKey()) && (words || !WORDS.contains(member.getKey()));
                member.setValue(
                        chosen && member.getValue().isTextual()
                                ? TextNode.valueOf(member.getValue().textValue() + EVIL)
                                : evil(member.getValue(), words));
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, evil(array.get(i), words));
            }
        }
        return node;
    }

    private static JsonNode sample(String name, boolean words) {
        JsonNode sample = Samples.json("7.2", name).deepCopy();
        if (!name.equals("x-debug-query-block-graph")) {
            return evil(sample, words);
        }
        // The edges' names are roles; without them there is no graph.
        evil(sample.get("nodes"), words);
        return sample;
    }

    private static JsonNode schema() {
        ArrayNode entries = (ArrayNode) Schemas.json("7.2", Schemas.SYSTEM).deepCopy();
        entries.addObject()
                .put("name", "evil" + EVIL)
                .put("meta-type", "command")
                .put("arg-type", "evil-type")
                .put("ret-type", "evil-type");
        entries.addObject()
                .put("name", "evil-type")
                .put("meta-type", "object")
                .putArray("members")
                .addObject()
                .put("name", "member" + EVIL)
                .put("type", "str")
                .put("default", WORSE);
        // Types that are made of themselves: who walks them without a mark walks for ever.
        entries.addObject()
                .put("name", "loop")
                .put("meta-type", "command")
                .put("arg-type", "self")
                .put("ret-type", "[loop]");
        entries.addObject()
                .put("name", "array-loop")
                .put("meta-type", "command")
                .put("arg-type", "[loop]")
                .put("ret-type", "either");
        entries.addObject().put("name", "LOOP").put("meta-type", "event").put("arg-type", "either");
        entries.addObject().put("name", "[loop]").put("meta-type", "array").put("element-type", "[loop]");
        ArrayNode members = entries.addObject()
                .put("name", "self")
                .put("meta-type", "object")
                .putArray("members");
        members.addObject().put("name", "self").put("type", "self").putNull("default");
        members.addObject().put("name", "list").put("type", "[loop]");
        members.addObject().put("name", "either").put("type", "either");
        ObjectNode union = entries.addObject()
                .put("name", "union")
                .put("meta-type", "object")
                .put("tag", "self");
        union.putArray("members").addObject().put("name", "self").put("type", "union");
        union.putArray("variants").addObject().put("case", "x").put("type", "union");
        ArrayNode either = entries.addObject()
                .put("name", "either")
                .put("meta-type", "alternate")
                .putArray("members");
        either.addObject().put("type", "either");
        either.addObject().put("type", "self");
        either.addObject().put("type", "union");
        return entries;
    }

    private static FakeQmpServer qemu(boolean words, boolean jobs) {
        ObjectNode greeting = JsonNodeFactory.instance.objectNode();
        ObjectNode version = greeting.putObject("QMP").putObject("version");
        version.put("package", "Debian" + WORSE)
                .putObject("qemu")
                .put("major", 7)
                .put("minor", 2)
                .put("micro", 0);
        Script script =
                Script.empty().event("X" + WORSE).send(greeting.toString()).negotiate();
        for (String query : QUERIES) {
            script = script.onCommand(query, sample(query, words).toString());
        }
        if (!jobs) {
            script = script.onCommand("query-jobs", "[]").onCommand("query-block-jobs", "[]");
        }
        script = script.onCommand(
                        "query-named-block-nodes",
                        sample("query-named-block-nodes-flat", words).toString())
                .onCommand("query-qmp-schema", schema().toString());
        Function<Request, Answer> refusal = request ->
                Answer.refusal("GenericError" + EVIL, "Cannot open '/vm" + EVIL + "': Permission denied" + WORSE);
        for (String command : List.of(
                "query-refused",
                "loop",
                "array-loop",
                "block-stream",
                "blockdev-add",
                "blockdev-del",
                "transaction",
                "blockdev-snapshot",
                "blockdev-snapshot-sync",
                "job-cancel",
                "job-pause",
                "block-job-cancel",
                "block-job-pause",
                "block-job-set-speed",
                "job-dismiss",
                "qom-list",
                "query-commands")) {
            script = script.onCommand(command, refusal);
        }
        return FakeQmpServer.start(script);
    }

    private static List<String> words(List<String> line, FakeQmpServer server, String... more) {
        List<String> words = new ArrayList<>(line);
        words.replaceAll(word -> word.equals("-") ? server.target() : word);
        words.addAll(List.of(more));
        return words;
    }

    private static Result run(Cli cli, List<String> words) {
        return cli.run(words.toArray(String[]::new));
    }

    private static void assertHarmless(Result result, String what, String text) {
        text.replace("\u001b[1m", "")
                .replace("\u001b[0m", "")
                .replace("\r\u001b[K", "")
                .codePoints()
                .forEach(c -> {
                    boolean harmless =
                            c == '\n' || c == '\t' || (c >= ' ' && c < 0x7f) || (c > 0xa0 && harmlessType(c));
                    assertThat(harmless)
                            .as("%s has U+%04x; %s", what, c, result)
                            .isTrue();
                });
    }

    private static boolean harmlessType(int c) {
        int type = Character.getType(c);
        return type != Character.FORMAT
                && type != Character.SURROGATE
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
    }

    private static void assertHarmless(Result result) {
        assertHarmless(result, "stdout", result.out());
        assertHarmless(result, "stderr", result.err());
    }

    /** A peer that tells lies and has jobs, or neither. */
    private void each(List<Boolean> lies, List<String> line, BiConsumer<FakeQmpServer, List<String>> body) {
        for (boolean lying : lies) {
            try (FakeQmpServer server = qemu(lying, lying)) {
                body.accept(server, line);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("lines")
    void a_terminal_gets_nothing_that_it_would_obey(List<String> line) {
        each(List.of(false, true), line, (server, words) -> {
            Result result = run(Cli.in(folder).onTerminal(), words(words, server));
            assertHarmless(result);
            assertThat(result.err()).as("%s", result).doesNotContain("qmp itself failed");
        });
    }

    @ParameterizedTest
    @MethodSource("lines")
    void a_pipe_gets_the_same_number_of_columns_in_every_row(List<String> line) {
        each(List.of(false, true), line, (server, words) -> {
            Result result = run(Cli.in(folder), words(words, server));
            assertHarmless(result);
            // A schema's entry has parts with other columns each.
            if (result.status() == 0
                    && !line.contains("--dry-run")
                    && !line.get(0).equals("schema")) {
                assertThat(result.lines().stream()
                                .filter(row -> row.contains("\t"))
                                .map(row -> row.chars().filter(c -> c == '\t').count())
                                .distinct())
                        .as("%s", result)
                        .hasSizeLessThan(2);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("lines")
    void json_stays_json_and_the_traffic_shown_beside_it_too(List<String> line) {
        try (FakeQmpServer server = qemu(false, true)) {
            Result result = run(Cli.in(folder), words(line, server, "-o", "json", "-v"));
            assertHarmless(result);
            assertThat(result.document()).isNotNull();
            assertThat(result.err())
                    .as("its words did come")
                    .contains(
                            "Debian\\u001B[31m\\u001B]0;t\\u0007\\u009b2J\\u202e\\u2066\\u200b\\ufeff\\u2028\\r\\n\\t\\u0000\\u007f\\b\\ud800x\\udc00");
        }
    }
}
