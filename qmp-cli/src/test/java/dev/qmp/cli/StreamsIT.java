package dev.qmp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.qmp.cli.Cli.Result;
import dev.qmp.fixtures.Eventually;
import dev.qmp.fixtures.fake.FakeQmpServer;
import dev.qmp.fixtures.fake.Script;
import dev.qmp.fixtures.qemu.DiskSpec;
import dev.qmp.fixtures.qemu.QemuImg;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes to stdout and what to stderr, and the documents of the contract, field by field. */
@RequiresQemu
class StreamsIT {

    private static final List<String> JOB = List.of(
            "id", "type", "status", "offset", "length", "speed", "ready", "paused", "ioStatus", "error", "disk");
    private static final List<String> LAYER = List.of(
            "depth", "node", "file", "format", "virtualSize", "actualSize", "clusterSize", "backingFile", "active");

    @TempDir
    private Path temp;

    private Cli cli;
    private QemuVm vm;
    private String target;

    @BeforeEach
    void startMachine() {
        cli = Cli.in(temp);
        vm = QemuVm.builder()
                .disk(DiskSpec.drive("vda"))
                .disk(DiskSpec.emptyCdrom("cd0"))
                .start();
        target = Machines.target(vm);
    }

    @AfterEach
    void endMachine() {
        vm.close();
    }

    private Result line(String words) {
        return cli.run(words.replace("TARGET", target)
                .replace("IMAGE", vm.image("vda").toString())
                .split(" "));
    }

    private static List<String> fields(JsonNode document) {
        List<String> names = new ArrayList<>();
        document.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "list",
                "status TARGET",
                "disks TARGET",
                "domblklist TARGET",
                "domblklist TARGET --details",
                "chain TARGET",
                "chain TARGET vda",
                "image info IMAGE",
                "image info IMAGE --backing-chain",
                "snapshot create TARGET s1",
                "snapshot create TARGET s1 --dry-run",
                "snapshot-create-as TARGET s1 --disk-only",
                "snapshot list TARGET",
                "snapshot tree TARGET",
                "snapshot-list TARGET",
                "snapshot-list TARGET --tree",
                "pull TARGET vda",
                "pull TARGET vda --no-wait",
                "pull TARGET vda --dry-run",
                "blockpull TARGET vda --wait --verbose",
                "blockpull TARGET vda",
                "blockjob TARGET vda",
                "job list TARGET",
                "exec TARGET query-status"
            })
    void every_command_prints_exactly_one_document(String words) {
        Result result = line(words + " -o json");
        assertThat(result.status()).as(result.toString()).isZero();
        assertThat(result.document()).isNotNull();
        assertThat(result.out().lines()).as("in a pipe on one line").hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "snapshot show TARGET nobody",
                "snapshot create TARGET s1 --disk nobody",
                "snapshot create TARGET s1 --disk cd0",
                "pull TARGET nobody",
                "pull TARGET vda --base /nowhere/x",
                "pull TARGET vda --job-id 1!",
                "chain TARGET nobody",
                "job show TARGET nobody",
                "job wait TARGET nobody --progress",
                "job pause TARGET vda",
                "blockjob TARGET nobody",
                "blockjob TARGET vda --abort",
                "exec TARGET no-such-command",
                "exec TARGET query-status nonsense=1",
                "exec TARGET device_del id=nobody",
                "image info IMAGE.gone"
            })
    void a_failure_is_exactly_one_document_as_well(String words) {
        Result result = line(words + " -o json");
        assertThat(result.status()).as(result.toString()).isNotZero();
        assertThat(fields(result.document())).containsExactly("error");
        assertThat(fields(result.document().path("error"))).containsExactly("kind", "message", "hint", "class");
        assertThat(result.err()).startsWith("qmp: ");
    }

    @Test
    void disks_have_the_contracts_fields() {
        JsonNode disks = cli.json("disks", target);
        assertThat(disks).hasSize(2);
        disks.forEach(disk -> assertThat(fields(disk))
                .containsExactly(
                        "disk",
                        "backend",
                        "qdev",
                        "node",
                        "type",
                        "device",
                        "file",
                        "format",
                        "virtualSize",
                        "actualSize",
                        "readOnly",
                        "inserted",
                        "depth"));
        JsonNode vda = disks.path(0).path("disk").asText().equals("vda") ? disks.path(0) : disks.path(1);
        JsonNode cd = vda == disks.path(0) ? disks.path(1) : disks.path(0);
        assertThat(vda.path("type").asText()).isEqualTo("file");
        assertThat(vda.path("device").asText()).isEqualTo("disk");
        assertThat(vda.path("virtualSize").asLong()).isEqualTo(64 << 20);
        assertThat(vda.path("depth").asInt()).isZero();
        assertThat(cd.path("device").asText()).isEqualTo("cdrom");
        assertThat(cd.path("inserted").asBoolean()).isFalse();
        for (String missing : List.of("node", "type", "file", "format", "virtualSize", "actualSize", "depth")) {
            assertThat(cd.path(missing).isNull()).as(missing).isTrue();
        }
    }

    @Test
    void snapshots_and_chains_have_the_contracts_fields() {
        JsonNode taken = cli.json("snapshot", "create", target, "s1", "--description", "first one");
        assertThat(fields(taken)).containsExactly("name", "createdAt", "disks");
        assertThat(Instant.parse(taken.path("createdAt").asText())).isBeforeOrEqualTo(Instant.now());
        assertThat(fields(taken.path("disks").path(0))).containsExactly("disk", "node", "base", "overlay");
        assertThat(fields(taken.at("/disks/0/base"))).containsExactly("file", "format");
        assertThat(fields(taken.at("/disks/0/overlay"))).containsExactly("file", "format");
        assertThat(taken.at("/disks/0/overlay/file").asText())
                .isEqualTo(vm.folder().resolve("vda.s1.qcow2").toString());

        JsonNode chain = cli.json("chain", target);
        assertThat(fields(chain.path(0))).containsExactly("disk", "layers");
        chain.at("/0/layers").forEach(layer -> assertThat(fields(layer)).isEqualTo(LAYER));
        assertThat(chain.at("/0/layers/0/active").asBoolean()).isTrue();
        assertThat(chain.at("/0/layers/1/active").asBoolean()).isFalse();
        assertThat(chain.at("/0/layers/1/depth").asInt()).isEqualTo(1);

        JsonNode list = cli.json("snapshot", "list", target);
        assertThat(fields(list.path(0)))
                .containsExactly("name", "createdAt", "description", "parent", "current", "memory", "disks");
        assertThat(fields(list.at("/0/disks/0"))).containsExactly("disk", "base", "overlay", "state", "into");
        assertThat(list.at("/0/description").asText()).isEqualTo("first one");
        assertThat(list.at("/0/parent").isNull()).isTrue();
        assertThat(list.at("/0/current").asBoolean()).isTrue();
        assertThat(list.at("/0/memory").asBoolean()).isFalse();
    }

    @Test
    void jobs_and_pulls_have_the_contracts_fields() {
        vm.io("vda").write(0, 16 << 20, 0x33);
        cli.ok("snapshot", "create", target, "s1");
        JsonNode started = cli.json("pull", target, "vda", "--speed", "1M", "--no-wait");
        assertThat(fields(started)).containsExactly("job");
        assertThat(fields(started.path("job"))).isEqualTo(JOB);
        assertThat(fields(cli.json("job", "list", target).path(0))).isEqualTo(JOB);
        assertThat(fields(cli.json("job", "show", target, "vda"))).isEqualTo(JOB);
        assertThat(fields(cli.json("blockjob", target, "vda"))).isEqualTo(JOB);
        cli.ok("job", "speed", target, "vda", "0");
        assertThat(fields(cli.json("job", "wait", target, "pull-vda"))).isEqualTo(JOB);
        cli.ok("snapshot", "create", target, "s2");
        JsonNode pulled = cli.json("pull", target, "vda");
        assertThat(fields(pulled)).containsExactly("job", "chain");
        assertThat(fields(pulled.path("job"))).isEqualTo(JOB);
        assertThat(pulled.at("/job/disk").asText()).isEqualTo("vda");
        assertThat(fields(pulled.at("/chain/0/layers/0"))).isEqualTo(LAYER);
    }

    @Test
    void in_a_pipe_rows_are_separated_by_tabs_without_a_header() {
        assertThat(cli.ok("disks", target).lines())
                .anyMatch(line -> line.matches("vda\tfile\tdisk\tqcow2\t64 MiB\t0\trw\t\\Q" + vm.image("vda") + "\\E"))
                .noneMatch(line -> line.startsWith("DISK"));
        assertThat(cli.onTerminal()
                        .ok("disks", target, "--color", "never")
                        .lines()
                        .get(0))
                .startsWith("DISK ");
        assertThat(cli.ok("status", target).lines()).contains("state\trunning", "pid\t" + vm.pid());
    }

    @Test
    void times_in_pipes_are_rfc_3339() {
        cli.ok("snapshot", "create", target, "s1");
        String time = cli.ok("snapshot", "list", target).lines().get(0).split("\t")[1];
        assertThat(Instant.parse(time)).isBefore(Instant.now());
    }

    @Test
    void progress_and_notes_go_to_stderr_and_q_keeps_them_back() {
        cli.ok("snapshot", "create", target, "s1");
        Result loud = cli.ok("pull", target, "vda");
        assertThat(loud.out()).startsWith("pulled vda: ");
        assertThat(loud.err()).contains("stream 100 %").contains("is no longer used");
        cli.ok("snapshot", "create", target, "s2");
        Result quiet = cli.ok("pull", target, "vda", "-q");
        assertThat(quiet.err()).isEmpty();
        assertThat(quiet.out()).startsWith("pulled vda: ");
    }

    @Test
    void on_a_terminal_progress_is_one_line_that_is_rewritten() {
        cli.ok("snapshot", "create", target, "s1");
        Result result = cli.onTerminal().ok("pull", target, "vda");
        assertThat(result.err()).contains("\r\u001b[Kstream 100 %");
        assertThat(result.out()).doesNotContain("\u001b");
    }

    @Test
    void v_shows_every_line_to_stderr_and_masks_secrets() {
        Result result =
                cli.run("exec", target, "object-add", "qom-type=secret", "id=sec0", "data=geheim", "-v", "-o", "json");
        assertThat(result.status()).as(result.toString()).isZero();
        assertThat(result.err())
                .contains("-> {\"execute\":\"qmp_capabilities\"")
                .contains("<- {\"QMP\":")
                .contains("\"data\":\"***\"")
                .doesNotContain("geheim");
        assertThat(result.document()).isEmpty();
    }

    @Test
    void record_keeps_the_session_as_documents_with_times() throws IOException {
        Path file = temp.resolve("session.ndjson");
        cli.ok("exec", target, "object-add", "qom-type=secret", "id=sec0", "data=geheim", "--record", file.toString());
        List<String> lines = Files.readAllLines(file);
        assertThat(lines.get(0)).contains("\"received\"").contains("\"QMP\"");
        assertThat(lines).noneMatch(line -> line.contains("geheim"));
        for (String line : lines) {
            JsonNode document = new ObjectMapper().readTree(line);
            assertThat(fields(document)).containsExactly("time", "direction", "message");
            assertThat(Instant.parse(document.path("time").asText())).isBefore(Instant.now());
        }
    }

    @Test
    void events_come_one_a_line_until_there_are_enough() throws Exception {
        CompletableFuture<Result> events = CompletableFuture.supplyAsync(
                () -> cli.run("events", target, "--event", "STOP", "--count", "2", "-o", "json"));
        // Whether the program listens yet cannot be seen from outside, so the guest stops until it has seen enough.
        while (!events.isDone()) {
            vm.control().execute("stop");
            vm.control().execute("cont");
        }
        Result result = events.get(30, TimeUnit.SECONDS);
        assertThat(result.status()).as(result.toString()).isZero();
        assertThat(result.lines()).hasSize(2);
        for (String line : result.lines()) {
            JsonNode event = new ObjectMapper().readTree(line);
            assertThat(fields(event)).containsExactly("time", "event", "data");
            assertThat(event.path("event").asText()).isEqualTo("STOP");
            assertThat(event.path("data").isObject()).isTrue();
        }
    }

    @Test
    void events_end_after_their_time_and_that_is_no_failure() {
        long start = System.nanoTime();
        Result result = cli.ok("events", target, "--for", "300ms");
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(300), Duration.ofSeconds(5));
        assertThat(result.out()).isEmpty();
    }

    @Test
    void events_end_with_4_when_qemu_dies() throws Exception {
        try (Program events = Program.start(temp, "events", target, "--event", "STOP")) {
            Eventually.holds(Machines.PATIENCE, () -> "an event in " + events.out(), () -> {
                vm.control().execute("stop");
                vm.control().execute("cont");
                return events.out().contains("STOP");
            });
            vm.kill();
            Result result = events.await();
            assertThat(result.status()).as(result.toString()).isEqualTo(4);
            assertThat(result.err()).startsWith("qmp: ");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "block_resize node-name=NODE size=67108864",
                "block_resize @FILE",
                "block_resize {\"node-name\":\"NODE\",\"size\":67108864}",
                "block_resize node-name=NODE {\"size\":67108864}"
            })
    void arguments_of_exec_are_typed_from_the_schema_or_given_as_documents(String words) throws IOException {
        cli.ok("snapshot", "create", target, "s1");
        String node = cli.json("chain", target).at("/0/layers/0/node").asText();
        Path file = Files.writeString(temp.resolve("a.json"), "{\"node-name\":\"" + node + "\",\"size\":67108864}");
        String line = "exec TARGET " + words.replace("NODE", node).replace("FILE", file.toString());
        Result result = line(line);
        assertThat(result.status()).as(result.toString()).isZero();
        assertThat(result.out()).isEqualTo("{}\n");
    }

    @Test
    void an_argument_that_the_schema_does_not_know_is_wrong_usage_and_nothing_is_sent() {
        Result result = line("exec TARGET block_resize node-nam=x size=1 -v");
        assertThat(result.status()).as(result.toString()).isEqualTo(2);
        assertThat(result.err()).contains("node-name").doesNotContain("-> {\"execute\":\"block_resize\"");
    }

    @Test
    void a_value_of_the_wrong_type_is_wrong_usage() {
        Result result = line("exec TARGET block_resize node-name=x size=big");
        assertThat(result.status()).as(result.toString()).isEqualTo(2);
        assertThat(result.err()).contains("big");
    }

    @Test
    void a_refusal_tells_qemus_class() {
        Result result = line("exec TARGET device_del id=nobody -o json");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.document().at("/error/class").asText()).isEqualTo("DeviceNotFound");
        assertThat(result.err()).contains("QEMU says: ").contains("(DeviceNotFound)");
    }

    @Test
    void facts_of_an_image_in_use_are_told_to_people_and_programs() {
        Path overlay = temp.resolve("o.qcow2");
        QemuImg.createOverlay(overlay, vm.image("vda"), "qcow2");
        assertThat(cli.ok("image", "info", overlay.toString()).lines())
                .contains("format\tqcow2", "backing file\t" + vm.image("vda") + " (qcow2)");
        JsonNode chain = cli.json("image", "info", "o.qcow2", "--backing-chain");
        assertThat(chain).hasSize(2);
        assertThat(chain.at("/1/file").asText()).isEqualTo(vm.image("vda").toString());
        assertThat(chain.at("/1/backingFile").isNull()).isTrue();
    }

    @Test
    void a_deadline_that_passes_is_an_unknown_outcome() {
        Script late = Script.greeting().negotiate().expect("stop");
        try (FakeQmpServer server = FakeQmpServer.start(late)) {
            Result result = cli.run(
                    "exec", server.path().toString(), "stop", "--no-validate", "--timeout", "200ms", "-o", "json");
            assertThat(result.status()).as(result.toString()).isEqualTo(4);
            assertThat(result.document().at("/error/kind").asText()).isEqualTo("outcome-unknown");
            assertThat(result.err()).contains("stop").contains("hint: ");
        }
    }
}
