package dev.qmp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.cli.Cli.Result;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import dev.qmp.fixtures.recorded.Schemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code qmp schema} on a real QEMU. */
@RequiresQemu
class SchemaIT {

    @TempDir
    private Path temp;

    private Cli cli;
    private QemuVm vm;
    private String target;

    @BeforeEach
    void startMachine() {
        cli = Cli.in(temp);
        vm = QemuVm.builder().start();
        target = Machines.target(vm);
    }

    @AfterEach
    void endMachine() {
        vm.close();
    }

    private static void assertUsage(Result result, String... words) {
        assertThat(result.status()).as(result.toString()).isEqualTo(2);
        assertThat(result.err()).startsWith("qmp: ").contains(words);
        assertThat(result.err().lines()).hasSizeBetween(1, 3);
        assertThat(result.out()).isEmpty();
    }

    @Test
    void the_overview_counts_and_marks() {
        Result result = cli.ok("schema", target);
        long commands = result.lines().stream()
                .filter(line -> line.startsWith("command\t"))
                .count();

        assertThat(result.lines())
                .contains("commands\t" + commands, "command\tblock-stream\t-", "event\tSTOP\t-")
                .contains("command\tnbd-server-add\tdeprecated", "command\tx-query-roms\tunstable")
                .contains("command\tquery-yank\tallow-oob");
        assertThat(result.err()).isEmpty();
        assertThat(cli.json("schema", target).at("/counts/commands").asLong()).isEqualTo(commands);
    }

    @Test
    void on_a_terminal_there_are_headings() {
        assertThat(cli.onTerminal()
                        .ok("schema", target, "block-stream", "--color", "never")
                        .lines())
                .anyMatch(line -> line.matches(" +NAME +TYPE +PRESENCE +FEATURES"))
                .anyMatch(line -> line.matches("argument +device +string +mandatory +-"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "block-stream; argument~on-error~report|ignore|enospc|stop|auto~optional~-",
                "block-stream.on-error; value~enospc~-~-~-",
                "query-status; reply~running~boolean~mandatory~-",
                "blockdev-add; branch~raw~file, offset, size~-~-",
                "blockdev-add.qcow2; member~lazy-refcounts~boolean~optional~-",
                "blockdev-add.driver=qcow2; member~lazy-refcounts~boolean~optional~-",
                "JOB_STATUS_CHANGE; data~id~string~mandatory~-",
            })
    void a_name_is_shown_with_what_is_in_it(String name, String line) {
        assertThat(cli.ok("schema", target, name).lines()).contains(line.replace('~', '\t'));
    }

    @Test
    void a_command_with_branches_says_how_to_see_one_and_q_keeps_that_back() {
        assertThat(cli.ok("schema", target, "blockdev-add").err()).startsWith("hint: one branch: qmp schema ");
        assertThat(cli.ok("schema", target, "blockdev-add", "-q").err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "block-stream", "blockdev-add", "blockdev-add.qcow2.file", "BLOCK_JOB_READY"})
    void every_view_is_one_document(String name) {
        Result result =
                name.isEmpty() ? cli.ok("schema", target, "-o", "json") : cli.ok("schema", target, name, "-o", "json");
        assertThat(result.document().isObject()).isTrue();
        assertThat(result.out().lines()).hasSize(1);
    }

    @Test
    void a_name_that_leads_nowhere_is_wrong_usage_with_the_nearest_one() {
        assertUsage(cli.run("schema", target, "block-steam"), "block-steam", "did you mean block-stream?");
        assertUsage(cli.run("schema", target, "block-stream.devise"), "did you mean block-stream.device?");
        assertThat(cli.run("schema", target, "nonsense", "-o", "json")
                        .document()
                        .at("/error/kind")
                        .asText())
                .isEqualTo("usage");
    }

    @Test
    void a_qemu_does_not_differ_from_itself() {
        assertThat(cli.ok("schema", target, "--diff", target).err()).isEqualTo("no differences\n");
    }

    @Test
    void what_exec_saved_does_not_differ() throws IOException {
        Path saved = temp.resolve("saved.json");
        Files.writeString(
                saved, cli.ok("exec", target, "query-qmp-schema", "-o", "json").out());

        Result same = cli.ok("schema", target, "--diff", "saved.json");
        assertThat(same.lines()).hasSize(2);
        assertThat(same.err()).isEqualTo("no differences\n");
        Path reply = Files.writeString(temp.resolve("reply.json"), "{\"return\":" + Files.readString(saved) + "}");
        assertThat(cli.json("schema", target, "--diff", reply.toString()).path("changes"))
                .isEmpty();
    }

    @Test
    void another_qemu_is_compared_by_its_own_schema() {
        try (QemuVm hiding =
                QemuVm.builder().args("-compat", "deprecated-output=hide").start()) {
            String other = Machines.target(hiding);
            assertThat(cli.ok("schema", target, "--diff", other).lines())
                    .contains("removed\tcommand\tdrive-backup\t-\t-")
                    .noneMatch(line -> line.startsWith("added\t"));
            JsonNode back = cli.json("schema", other, "drive-backup", "--diff", target);
            assertThat(back.path("changes"))
                    .singleElement()
                    .satisfies(
                            change -> assertThat(change.path("change").asText()).isEqualTo("added"));
        }
    }

    @Test
    void a_recorded_qemu_differs_in_what_is_known_of_it() throws IOException {
        Path recorded = Files.writeString(
                temp.resolve("11.1.json"), Schemas.json("11.1", Schemas.SYSTEM).toString());
        Result all = cli.ok("schema", target, "--diff", recorded.toString());

        assertThat(all.lines()).contains("to\t" + recorded);
        assertThat(all.out()).doesNotContainPattern("\\t\\[?[0-9]+]?(\\t|\\n)");
        assertThat(cli.ok("schema", target, "STOP", "--diff", recorded.toString())
                        .lines())
                .hasSize(2);
        assertUsage(cli.run("schema", target, "nonsense", "--diff", recorded.toString()), "nonsense");
    }

    @Test
    void a_file_that_is_no_schema_and_a_name_that_is_nothing_say_so() throws IOException {
        Files.writeString(temp.resolve("empty.json"), "[]");
        Files.writeString(temp.resolve("object.json"), "{\"a\":1}");
        Files.writeString(temp.resolve("broken.json"), "[{");

        assertUsage(cli.run("schema", target, "--diff", "empty.json"), "holds no schema", "query-qmp-schema");
        assertUsage(cli.run("schema", target, "--diff", "object.json"), "holds no schema");
        assertUsage(cli.run("schema", target, "--diff", "broken.json"), "is not JSON");
        assertUsage(cli.run("schema", target, "--diff", "./gone.json"), "no file or socket ./gone.json");
        assertThat(cli.run("schema", target, "--diff", "nobody-of-that-name").status())
                .isEqualTo(3);
    }
}
