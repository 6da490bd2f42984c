package dev.qmp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.error.CommandFailedException;
import dev.qmp.error.CommandNotSentException;
import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import dev.qmp.error.ConnectionLostException;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.fixtures.Eventually;
import dev.qmp.fixtures.qemu.MonitorSpec;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import dev.qmp.transport.QmpAddress;
import dev.qmp.transport.TransportKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The client against real monitors of every kind, and against QEMUs that end, stop and are busy. */
@RequiresQemu
@Timeout(120)
class ClientIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final QmpClientOptions IMPATIENT =
            QmpClientOptions.builder().greetingTimeout(Duration.ofMillis(300)).build();

    private static QmpClient connect(QmpAddress address, TransportKind kind) {
        return Await.value(QmpClient.connect(
                address, QmpClientOptions.builder().transport(kind).build()));
    }

    private static QmpClient connect(QemuVm vm) {
        return connect(QmpAddress.unix(vm.monitor()), TransportKind.AUTO);
    }

    private static ConnectFailedException refused(QmpAddress address) {
        return Await.failure(QmpClient.connect(address, IMPATIENT), ConnectFailedException.class);
    }

    private static void assertWorks(QmpClient client) {
        assertThat(Await.value(client.execute("query-name")).path("name").asText())
                .isEqualTo("daisy");
        assertThat(client.greeting().version().major()).isGreaterThanOrEqualTo(7);
        assertThat(Await.failure(client.execute("no-such-command"), CommandFailedException.class)
                        .errorClass())
                .isEqualTo("CommandNotFound");
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "EPOLL", "NIO", "JNR"})
    void every_transport_reaches_every_kind_of_monitor(TransportKind kind) {
        try (QemuVm vm = QemuVm.builder()
                .monitor(MonitorSpec.qmp())
                .monitor(MonitorSpec.of(MonitorSpec.Style.QMP_PRETTY, "pretty.sock"))
                .monitor(MonitorSpec.of(MonitorSpec.Style.MON, "with,comma.sock"))
                .monitor(MonitorSpec.of(MonitorSpec.Style.MON_PRETTY, "mon-pretty.sock")
                        .asRelative())
                .monitor(MonitorSpec.tcp())
                .start()) {
            for (int i = 0; i < 4; i++) {
                try (QmpClient client = connect(QmpAddress.unix(vm.monitor(i)), kind)) {
                    assertWorks(client);
                }
            }
            if (kind == TransportKind.JNR) {
                return; // UNIX sockets only
            }
            try (QmpClient client = connect(QmpAddress.tcp("127.0.0.1", vm.tcpPort(4)), kind)) {
                assertWorks(client);
                assertThat(client.peer()).isEmpty();
            }
        }
    }

    @Test
    void a_socket_can_be_named_relative_to_this_process() {
        try (QemuVm vm = QemuVm.builder().start()) {
            Path relative = Path.of("").toAbsolutePath().relativize(vm.monitor());
            for (TransportKind kind : List.of(TransportKind.EPOLL, TransportKind.NIO, TransportKind.JNR)) {
                try (QmpClient client = connect(QmpAddress.parse(relative.toString()), kind)) {
                    assertWorks(client);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "JNR"})
    void an_abstract_socket_is_reached_by_epoll_and_jnr(TransportKind kind) {
        String name = "qmp-" + UUID.randomUUID();
        try (QemuVm vm = QemuVm.builder()
                        .args(
                                "-chardev",
                                "socket,id=abstract,path=" + name + ",abstract=on,server=on,wait=off",
                                "-mon",
                                "chardev=abstract,mode=control")
                        .start();
                QmpClient client = connect(QmpAddress.parse("unix:@" + name), kind)) {
            assertWorks(client);
            assertThat(client.peer().orElseThrow().pid()).isEqualTo((int) vm.pid());
        }
    }

    @Test
    void the_kernel_tells_whose_monitor_it_is() {
        try (QemuVm vm = QemuVm.builder().start();
                QmpClient client = connect(QmpAddress.unix(vm.monitor()), TransportKind.EPOLL)) {
            assertThat(client.peer().orElseThrow().pid()).isEqualTo((int) vm.pid());
        }
    }

    @Test
    void a_second_client_is_told_that_the_monitor_is_busy_and_gets_it_when_it_is_free() {
        try (QemuVm vm = QemuVm.builder().start()) {
            QmpAddress address = QmpAddress.unix(vm.monitor());
            try (QmpClient first = connect(vm)) {
                ConnectFailedException busy = refused(address);

                assertThat(busy.reason()).isEqualTo(Reason.BUSY);
                assertThat(busy).hasMessageContaining("held by another client of this process");
                assertThat(busy.hint().orElseThrow()).contains("one client at a time");
                assertWorks(first);
            }
            try (QmpClient next = connect(vm)) {
                assertWorks(next);
            }
        }
    }

    @Test
    void a_qemu_that_was_stopped_is_told_as_that_and_how_it_goes_on() throws Exception {
        try (QemuVm vm = QemuVm.builder().start()) {
            stop(vm);
            ConnectFailedException silent = refused(QmpAddress.unix(vm.monitor()));
            signal(vm, "CONT");

            assertThat(silent.reason()).isEqualTo(Reason.STOPPED);
            assertThat(silent).hasMessageContaining("PID " + vm.pid());
            assertThat(silent.hint().orElseThrow()).contains("kill -CONT " + vm.pid());
        }
    }

    @Test
    void the_human_monitor_is_told_from_a_qmp_monitor(@TempDir Path folder) {
        Path human = folder.resolve("hmp.sock");
        try (QemuVm vm = QemuVm.builder()
                .args("-monitor", "unix:" + human + ",server=on,wait=off")
                .start()) {
            ConnectFailedException failure = refused(QmpAddress.unix(human));

            assertThat(vm.isAlive()).isTrue();
            assertThat(failure.reason()).isEqualTo(Reason.NOT_QMP);
            assertThat(failure.hint().orElseThrow()).contains("-monitor is the human monitor");
        }
    }

    @Test
    void quit_is_a_success_and_ends_the_session_in_order() {
        try (QemuVm vm = QemuVm.builder().start();
                QmpClient client = connect(vm)) {
            Await.value(client.execute("quit"));

            Await.value(client.closed());
            assertThat(vm.awaitExit(PATIENCE)).isZero();
            Await.failure(client.execute("query-status"), CommandNotSentException.class);
        }
    }

    @Test
    void a_qemu_killed_with_a_command_in_flight_leaves_its_outcome_unknown() throws Exception {
        try (QemuVm vm = QemuVm.builder().start();
                QmpClient client = connect(vm)) {
            stop(vm);
            CompletableFuture<JsonNode> inFlight = client.execute("cont");
            CompletableFuture<JsonNode> waiting = client.execute("stop");
            Eventually.holds(
                    PATIENCE,
                    () -> "the command sent",
                    () -> client.statistics().commandsSent() == 1);
            vm.kill();

            OutcomeUnknownException unknown = Await.failure(inFlight, OutcomeUnknownException.class);
            assertThat(unknown.reason()).isEqualTo(OutcomeUnknownException.Reason.CONNECTION_LOST);
            assertThat(unknown.command()).isEqualTo("cont");
            Await.failure(waiting, CommandNotSentException.class);
            Await.failure(client.closed(), ConnectionLostException.class);
        }
    }

    @Test
    void a_qemu_that_stands_still_is_told_by_the_deadline_and_its_late_reply_is_counted() throws Exception {
        try (QemuVm vm = QemuVm.builder().start();
                QmpClient client = connect(vm)) {
            stop(vm);
            OutcomeUnknownException passed = Await.failure(
                    client.execute("query-status", null, Duration.ofMillis(200)), OutcomeUnknownException.class);
            assertThat(passed.reason()).isEqualTo(OutcomeUnknownException.Reason.DEADLINE_PASSED);
            signal(vm, "CONT");

            assertWorks(client);
            assertThat(client.statistics().lateReplies()).isOne();
        }
    }

    @Test
    void a_qemu_killed_at_rest_ends_the_session_with_the_cause_and_leaves_its_socket_to_nobody() {
        try (QemuVm vm = QemuVm.builder().start();
                QmpClient client = connect(vm)) {
            vm.kill();

            Await.failure(client.closed(), ConnectionLostException.class);
            assertThat(refused(QmpAddress.unix(vm.monitor())).reason()).isEqualTo(Reason.NOBODY_LISTENING);
        }
    }

    @Test
    void events_come_in_order_and_only_to_those_who_asked() {
        List<String> heard = new CopyOnWriteArrayList<>();
        try (QemuVm vm = QemuVm.builder().start();
                QmpClient client = connect(vm)) {
            client.subscribe(event -> !event.name().equals("RESUME"), event -> heard.add(event.name()));
            Await.value(client.execute("query-status"));
            vm.control().execute("stop");
            vm.control().execute("cont");
            vm.control().execute("system_reset");

            Eventually.holds(PATIENCE, heard::toString, () -> heard.contains("RESET"));
            assertThat(heard).containsSubsequence("STOP", "RESET").doesNotContain("RESUME");
        }
    }

    /** Stops the process; a thread of it can run on for a moment after the signal was sent. */
    private static void stop(QemuVm vm) throws IOException, InterruptedException {
        signal(vm, "STOP");
        Eventually.holds(PATIENCE, () -> "every thread of QEMU stopped", () -> stopped(vm));
    }

    private static boolean stopped(QemuVm vm) {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(vm.pid()), "task"))) {
            for (Path thread : threads.toList()) {
                String stat = Files.readString(thread.resolve("stat"));
                if (!stat.substring(stat.lastIndexOf(')')).startsWith(") T")) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void signal(QemuVm vm, String signal) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(vm.pid())).start();
        assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(kill.exitValue()).isZero();
    }
}
