package dev.qmp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.cli.Cli.Result;
import dev.qmp.fixtures.fake.FakeQmpServer;
import dev.qmp.fixtures.fake.Script;
import dev.qmp.fixtures.qemu.DiskSpec;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code qmp exec} on a real QEMU: words typed by its schema, and held against it before anything is sent. */
@RequiresQemu
class ExecIT {

    @TempDir
    private Path temp;

    private Cli cli;
    private QemuVm vm;

    @BeforeEach
    void startMachine() {
        cli = Cli.in(temp);
        vm = QemuVm.builder().disk(DiskSpec.drive("vda")).start();
    }

    @AfterEach
    void endMachine() {
        vm.close();
    }

    private Result exec(String... words) {
        List<String> all = new ArrayList<>(List.of("exec", Machines.target(vm)));
        all.addAll(List.of(words));
        return cli.run(all.toArray(String[]::new));
    }

    private Result done(String... words) {
        Result result = exec(words);
        assertThat(result.status()).as(result.toString()).isZero();
        return result;
    }

    /** Refused with these words in one to three lines, and the command never left. */
    private static void assertUsage(Result result, String command, String... words) {
        assertThat(result.status()).as(result.toString()).isEqualTo(2);
        assertThat(result.err()).contains(words).doesNotContain("-> {\"execute\":\"" + command + "\"");
        assertThat(result.err().lines().filter(line -> !line.startsWith("-> ") && !line.startsWith("<- ")))
                .hasSizeBetween(1, 3);
    }

    @Test
    void words_are_typed_by_the_schema_of_that_qemu() {
        done("blockdev-add", "driver=null-co", "node-name=n123", "size=1M", "read-zeroes=on");
        assertThat(done("block-set-write-threshold", "node-name=n123", "write-threshold=2M", "-v")
                        .err())
                .contains("{\"node-name\":\"n123\",\"write-threshold\":2097152}");
        assertThat(exec("block_resize", "node-name=123", "size=0x10", "-v").err())
                .contains("{\"node-name\":\"123\",\"size\":16}");
        assertThat(exec("blockdev-add", "driver=quorum", "vote-threshold=1", "children=n123", "children.1=x")
                        .err())
                .contains("'children' is given twice");
        done(
                "blockdev-add",
                "driver=quorum",
                "node-name=q",
                "vote-threshold=1",
                "read-pattern=fifo",
                "children.0=n123",
                "children.1.driver=null-co",
                "children.1.size=1M");
        done("blockdev-del", "node-name=q");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "block-steam; no command 'block-steam'; did you mean block-stream",
                "block-stream device=vda spead=1; has no argument 'spead'; did you mean speed",
                "block-stream speed=1; block-stream needs device (string); hint:",
                "block-stream device=vda speed=fast; 'speed' is an integer, not 'fast'; hint:",
                "block-stream device=vda on-error=stpo; 'on-error' cannot be 'stpo'; did you mean stop",
                "blockdev-add {\"driver\":\"raw\",\"file\":{\"driver\":\"file\",\"filename\":7}}; 'file.filename' is a string, not 7; hint:",
                "transaction {\"actions\":[{\"type\":\"abort\",\"data\":{\"x\":1}}]}; no argument 'actions.0.data.x'; it takes none",
            })
    void what_this_qemu_would_refuse_is_refused_before_it_is_sent(String words, String message, String more) {
        String[] all = (words + " -v").split(" ");
        assertUsage(exec(all), all[0], message, more);
    }

    @Test
    void what_this_qemu_lacks_and_another_has_is_told_with_the_versions() {
        String version = done("query-version", "-o", "json").document().at("/qemu/major") + ".";
        String[] command = switch (version) {
            case "7." -> new String[] {"block-job-change", "it is in 10.0 and 11.1"};
            case "10." -> new String[] {"query-accelerators", "it is in 11.1"};
            default -> new String[] {"query-migrationthreads", "it is in 10.0"};
        };
        String[] argument = switch (version) {
            case "7." -> new String[] {"blockdev-backup", "discard-source", "it is in 10.0 and 11.1"};
            case "10." -> new String[] {"blockdev-mirror", "target-is-zero", "it is in 11.1"};
            default -> new String[] {"migrate-set-parameters", "block-incremental", "it is in 7.2"};
        };

        assertUsage(
                exec(command[0], "-v"),
                command[0],
                "the command '" + command[0] + "' is not in QEMU " + version,
                command[1]);
        assertUsage(
                exec(argument[0], argument[1] + "=on", "-v"),
                argument[0],
                "'" + argument[1] + "' of '" + argument[0] + "' is not in QEMU " + version,
                argument[2]);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no-such-command",
                "block-stream device=vda spead=1",
                "block-stream device=vda {\"on-error\":\"stpo\"}",
                "block-stream {\"device\":7}"
            })
    void who_knows_better_has_qemu_decide(String words) {
        Result result = exec((words + " --no-validate").split(" "));

        assertThat(result.status()).as(result.toString()).isEqualTo(1);
        assertThat(result.err()).contains("QEMU says: ");
    }

    @Test
    void a_refusal_is_one_document_of_the_kind_usage() {
        Result result = exec("block-stream", "device=vda", "spead=1", "-o", "json");

        assertThat(result.document().at("/error/kind").asText()).isEqualTo("usage");
        assertThat(result.document().at("/error/message").asText()).contains("spead");
        assertThat(result.document().at("/error/class").isNull()).isTrue();
    }

    @Test
    void what_is_deprecated_or_unstable_is_a_warning_beside_the_result_and_q_keeps_it_back() {
        Result unstable = done("x-query-roms", "-o", "json");
        assertThat(unstable.document().has("human-readable-text")).isTrue();
        assertThat(unstable.err()).startsWith("warning: the command 'x-query-roms' is unstable in QEMU ");
        assertThat(done("x-query-roms", "-q").err()).isEmpty();
        assertThat(done("query-status").err()).isEmpty();

        Result deprecated = exec("nbd-server-remove", "name=n");
        assertThat(deprecated.status()).isEqualTo(1);
        assertThat(deprecated.err()).startsWith("warning: the command 'nbd-server-remove' is deprecated in QEMU ");
    }

    @Test
    void a_device_takes_more_than_the_schema_shows() {
        done("blockdev-add", "driver=null-co", "node-name=n");
        done("device_add", "driver=virtio-blk-pci", "drive=n", "id=v1", "share-rw=true");
    }

    @Test
    void the_schema_is_asked_for_once_and_then_kept() throws IOException {
        cli.environment("XDG_CACHE_HOME", temp.resolve("cache").toString());
        assertThat(done("query-status", "-v").err()).contains("query-qmp-schema");
        Result second = done("query-status", "-v");

        assertThat(second.err()).doesNotContain("query-qmp-schema").contains("-> {\"execute\":\"query-status\"");
        try (Stream<Path> files = Files.list(temp.resolve("cache/qmp/schema"))) {
            assertThat(files).hasSize(1);
        }
        assertUsage(exec("block-steam", "-v"), "block-steam", "did you mean block-stream");
    }

    @Test
    void a_peer_without_a_schema_gets_what_was_written() {
        Script agent = Script.greeting()
                .negotiate()
                .expect("query-qmp-schema")
                .fail("CommandNotFound", "The command query-qmp-schema has not been found")
                .expect("guest-ping", arguments -> arguments.path("n").isTextual())
                .reply();
        try (FakeQmpServer server = FakeQmpServer.start(agent)) {
            Result result = cli.run("exec", server.path().toString(), "guest-ping", "n=5");
            assertThat(result.status()).as(result.toString()).isZero();
        }
    }

    @Test
    void where_the_schema_does_not_come_the_command_was_not_sent_and_that_is_said() {
        Script silent = Script.greeting().negotiate().expect("query-qmp-schema");
        try (FakeQmpServer server = FakeQmpServer.start(silent)) {
            Result result = cli.run("exec", server.path().toString(), "stop", "--timeout", "200ms", "-o", "json");

            assertThat(result.status()).as(result.toString()).isEqualTo(4);
            assertThat(result.document().at("/error/kind").asText()).isEqualTo("not-sent");
            assertThat(result.err()).startsWith("qmp: stop was not sent");
        }
    }
}
