package dev.qmp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.qmp.cli.Cli.Result;
import dev.qmp.fixtures.Eventually;
import dev.qmp.fixtures.qemu.MonitorSpec;
import dev.qmp.fixtures.qemu.MonitorSpec.Style;
import dev.qmp.fixtures.qemu.QemuBinary;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.QmpControl;
import dev.qmp.fixtures.qemu.RequiresQemu;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code qmp list} shows of real QEMUs, among whatever else runs on this host. */
@RequiresQemu
class ListIT {

    @TempDir
    private Path temp;

    private Cli cli;

    @BeforeEach
    void makeCli() {
        cli = Cli.in(temp);
    }

    private static JsonNode row(JsonNode list, long pid) {
        return StreamSupport.stream(list.spliterator(), false)
                .filter(row -> row.path("pid").asLong() == pid)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no PID " + pid + " in " + list));
    }

    static List<MonitorSpec> monitors() {
        return List.of(
                MonitorSpec.qmp(),
                MonitorSpec.of(Style.QMP_PRETTY, "pretty.sock"),
                MonitorSpec.of(Style.MON, "mon.sock"),
                MonitorSpec.of(Style.MON_PRETTY, "mon.sock"),
                MonitorSpec.qmp().asRelative(),
                MonitorSpec.of(Style.MON, "relative.sock").asRelative(),
                MonitorSpec.of(Style.QMP, "with,two,,commas.sock"),
                MonitorSpec.of(Style.MON, ",.sock"));
    }

    @ParameterizedTest
    @MethodSource("monitors")
    void a_monitor_is_found_in_each_form_and_its_row_is_a_target(MonitorSpec monitor) {
        String name = Machines.name("list");
        try (QemuVm vm = QemuVm.builder().name(name).paused().monitor(monitor).start()) {
            JsonNode row = row(cli.json("list"), vm.pid());
            assertThat(row.fieldNames())
                    .toIterable()
                    .containsExactly("pid", "name", "state", "version", "monitor", "busy");
            assertThat(row.path("name").asText()).isEqualTo(name);
            assertThat(row.path("state").asText()).isEqualTo("prelaunch");
            assertThat(row.path("version").asText()).matches("\\d+\\.\\d+\\.\\d+");
            assertThat(row.path("monitor").asText()).isEqualTo("unix:" + vm.monitor());
            assertThat(row.path("busy").asBoolean()).isFalse();
            for (String target :
                    List.of(name, row.path("monitor").asText(), vm.monitor().toString())) {
                assertThat(cli.json("status", target).path("pid").asLong()).isEqualTo(vm.pid());
            }
        }
    }

    @Test
    void a_name_with_commas_is_shown_and_is_a_target() {
        String name = Machines.name("a,b,,c");
        try (QemuVm vm = QemuVm.builder().name(name).start()) {
            assertThat(row(cli.json("list"), vm.pid()).path("name").asText()).isEqualTo(name);
            assertThat(cli.json("status", name).path("name").asText()).isEqualTo(name);
        }
    }

    @Test
    void a_busy_monitor_is_shown_with_its_holder_and_not_waited_for_long() {
        try (QemuVm vm = QemuVm.builder().name(Machines.name("busy")).start();
                QmpControl holder = QmpControl.connect(vm.monitor(), Machines.PATIENCE)) {
            assertThat(holder.greeting()).isNotNull();
            long start = System.nanoTime();
            JsonNode row = row(cli.json("list"), vm.pid());
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
            assertThat(row.path("busy").asBoolean()).isTrue();
            assertThat(row.path("state").isNull()).isTrue();
            assertThat(row.path("monitor").asText()).isEqualTo("unix:" + vm.monitor());
            // By the program itself, since its own process is not told as a holder.
            assertThat(Program.ok(temp, "list").lines())
                    .anyMatch(line -> line.startsWith(vm.pid() + "\t")
                            && line.contains("\tbusy\t")
                            && line.contains(
                                    "held by PID " + ProcessHandle.current().pid() + " "));
        }
    }

    @Test
    void a_busy_monitor_beside_a_free_one_does_not_hide_the_state() {
        try (QemuVm vm = QemuVm.builder()
                        .monitor(MonitorSpec.of(Style.QMP, "1.sock"))
                        .monitor(MonitorSpec.of(Style.QMP, "2.sock"))
                        .start();
                QmpControl holder = QmpControl.connect(vm.monitor(0), Machines.PATIENCE)) {
            assertThat(holder.greeting()).isNotNull();
            JsonNode row = row(cli.json("list"), vm.pid());
            assertThat(row.path("state").asText()).isEqualTo("running");
            assertThat(row.path("monitor").asText()).isEqualTo("unix:" + vm.monitor(1));
            assertThat(row.path("busy").asBoolean()).isFalse();
        }
    }

    @Test
    void a_qemu_whose_socket_another_one_has_taken_is_not_shown_with_the_others_state() {
        try (QemuVm first = QemuVm.builder().name(Machines.name("robbed")).start();
                QemuVm second = QemuVm.builder()
                        .name(Machines.name("thief"))
                        .paused()
                        .args("-qmp", "unix:" + first.monitor() + ",server=on,wait=off")
                        .start()) {
            Result list = cli.ok("list");
            assertThat(list.lines())
                    .anyMatch(line -> line.startsWith(first.pid() + "\t" + first.name() + "\t-\t-\t-")
                            && line.contains("was taken over by PID " + second.pid()));
            JsonNode rows = cli.json("list");
            assertThat(row(rows, first.pid()).path("state").isNull()).isTrue();
            assertThat(row(rows, first.pid()).path("monitor").isNull()).isTrue();
            assertThat(row(rows, second.pid()).path("state").asText()).isEqualTo("prelaunch");
        }
    }

    @Test
    void a_name_whose_socket_another_qemu_has_taken_does_not_lead_to_that_one() {
        try (QemuVm first = QemuVm.builder().name(Machines.name("robbed")).start();
                QemuVm second = QemuVm.builder()
                        .name(Machines.name("thief"))
                        .args("-qmp", "unix:" + first.monitor() + ",server=on,wait=off")
                        .start()) {
            Result result = cli.run("status", first.name());
            assertThat(result.status()).as(result.toString()).isEqualTo(3);
            assertThat(result.err()).contains("PID " + second.pid());
        }
    }

    @Test
    void a_monitor_that_was_handed_over_is_listed_as_such_with_who_holds_it() throws Exception {
        String name = Machines.name("handed");
        Path socket = Path.of("/tmp/" + name);
        // What libvirt does: the one who starts QEMU makes the listening socket, and QEMU inherits it.
        Path launcher = Files.writeString(temp.resolve("launcher"), """
                use Socket;
                $^F = 255;
                my $s;
                socket($s, AF_UNIX, SOCK_STREAM, 0) && bind($s, sockaddr_un(shift)) && listen($s, 5) or die $!;
                my $fd = fileno($s);
                exec @ARGV, '-chardev', "socket,id=m,fd=$fd,server=on,wait=off", '-mon', 'chardev=m,mode=control';
                """);
        Process qemu = new ProcessBuilder(
                        "perl",
                        launcher.toString(),
                        socket.toString(),
                        QemuBinary.find().orElseThrow().toString(),
                        "-name",
                        name,
                        "-machine",
                        "none",
                        "-nodefaults",
                        "-display",
                        "none")
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("qemu.out").toFile())
                .start();
        try (SocketChannel holder =
                Eventually.value(Machines.PATIENCE, () -> "a socket " + socket, () -> connect(socket))) {
            assertThat(holder.read(ByteBuffer.allocate(1))).as("QEMU greets").isEqualTo(1);
            JsonNode row = row(cli.json("list"), qemu.pid());
            assertThat(row.path("monitor").isNull()).isTrue();
            assertThat(row.path("name").asText()).isEqualTo(name);
            assertThat(Program.ok(temp, "list").lines())
                    .anyMatch(line -> line.startsWith(qemu.pid() + "\t")
                            && line.contains("descriptor ")
                            && line.contains(
                                    "held by PID " + ProcessHandle.current().pid() + " "));
            Result status = cli.run("status", name);
            assertThat(status.status()).isEqualTo(3);
            assertThat(status.err()).contains("handed to it as a descriptor");
        } finally {
            qemu.destroyForcibly().waitFor();
            Files.deleteIfExists(socket);
        }
    }

    private static Optional<SocketChannel> connect(Path socket) {
        try {
            return Optional.of(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Test
    void a_qemu_without_a_qmp_monitor_is_listed_and_its_name_says_what_it_lacks() throws Exception {
        String name = Machines.name("mute");
        Process qemu = new ProcessBuilder(
                        QemuBinary.find().orElseThrow().toString(),
                        "-name",
                        name,
                        "-machine",
                        "none",
                        "-nodefaults",
                        "-display",
                        "none")
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("qemu.out").toFile())
                .start();
        try {
            Eventually.holds(
                    Machines.PATIENCE,
                    () -> "PID " + qemu.pid(),
                    () -> cli.ok("list")
                            .lines()
                            .contains(qemu.pid() + "\t" + name + "\t-\t-\t- (it has no QMP monitor)"));
            Result status = cli.run("status", name);
            assertThat(status.status()).isEqualTo(3);
            assertThat(status.err()).contains("no QMP socket").contains("-qmp unix:PATH");
        } finally {
            qemu.destroyForcibly().waitFor();
        }
    }

    @Test
    void people_see_a_header_and_columns() throws IOException {
        try (QemuVm vm = QemuVm.builder().name(Machines.name("seen")).start()) {
            List<String> lines = cli.onTerminal().ok("list", "--color", "never").lines();
            assertThat(lines.get(0)).startsWith("PID").contains("NAME").contains("MONITOR");
            assertThat(lines).anyMatch(line -> line.startsWith(vm.pid() + "  ") && line.contains("  running  "));
            assertThat(new ObjectMapper()
                            .readTree(cli.onTerminal().ok("list", "-o", "json").out()))
                    .isNotEmpty();
        }
    }
}
