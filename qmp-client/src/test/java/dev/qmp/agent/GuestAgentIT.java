package dev.qmp.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.qmp.Await;
import dev.qmp.QmpClient;
import dev.qmp.QmpClientOptions;
import dev.qmp.error.CommandFailedException;
import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.fixtures.qemu.HarmlessGuestAgent;
import dev.qmp.fixtures.qemu.MonitorSpec;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresGuestAgent;
import dev.qmp.fixtures.qemu.RequiresQemu;
import dev.qmp.transport.QmpAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A real agent, which runs on this host and is blocked from all that changes anything: <b>nothing here may freeze</b>, see
 * {@link HarmlessGuestAgent}. What freezes is told to a fake one, in {@link GuestAgentTest}.
 */
@RequiresGuestAgent
@Timeout(120)
class GuestAgentIT {

    private static final Duration SHORT = Duration.ofMillis(300);

    private static QemuGuestAgent connect(HarmlessGuestAgent agent) {
        return Await.value(QemuGuestAgent.connect(QmpAddress.unix(agent.socket())));
    }

    private static QmpClientOptions impatient() {
        return QmpClientOptions.builder().greetingTimeout(SHORT).build();
    }

    @Test
    void it_answers_a_ping_and_says_what_it_is() {
        try (HarmlessGuestAgent real = HarmlessGuestAgent.start();
                QemuGuestAgent agent = connect(real)) {
            assertThat(agent.ping()).succeedsWithin(Duration.ofSeconds(20));
            AgentInfo info = Await.value(agent.info());

            assertThat(info.version()).isEqualTo(real.version());
            assertThat(info.commands()).extracting(AgentCommand::name).contains("guest-fsfreeze-freeze", "guest-ping");
            assertThat(info.offers("guest-ping")).isTrue();
            assertThat(info.offers("guest-fsfreeze-freeze")).isFalse();
            assertThat(info.offers("guest-juggle")).isFalse();
            assertThat(info.commands().stream()
                            .filter(command -> !command.answers())
                            .map(AgentCommand::name))
                    .contains("guest-shutdown");
            assertThat(info.unknownMembers()).isEmpty();
        }
    }

    @Test
    void its_file_systems_are_those_that_are_mounted() throws IOException {
        try (HarmlessGuestAgent real = HarmlessGuestAgent.start();
                QemuGuestAgent agent = connect(real)) {
            List<GuestFileSystem> all = Await.value(agent.fsInfo());
            Set<String> mounted = Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                    .map(line -> line.split(" ")[1])
                    .collect(Collectors.toSet());

            assertThat(mounted)
                    .containsAll(all.stream().map(GuestFileSystem::mountpoint).toList());
            JsonNode raw = Await.value(agent.execute("guest-get-fsinfo", null));
            assertThat(all).hasSameSizeAs(raw);
            assertThat(Await.value(agent.freezeStatus())).isEqualTo(FreezeStatus.THAWED);
        }
    }

    @Test
    void a_blocked_command_is_refused_in_its_own_words() {
        try (HarmlessGuestAgent real = HarmlessGuestAgent.start();
                QemuGuestAgent agent = connect(real)) {
            CommandFailedException refused =
                    Await.failure(agent.execute("guest-get-host-name", null), CommandFailedException.class);

            assertThat(refused.errorClass()).isEqualTo("CommandNotFound");
            assertThat(refused.desc()).contains("has been disabled");
            assertThat(refused).hasMessageContaining("refused by the guest agent");
        }
    }

    @Test
    void what_an_earlier_client_left_behind_is_not_taken_for_ours() throws IOException {
        try (HarmlessGuestAgent real = HarmlessGuestAgent.start()) {
            // qemu-ga 7.2 keeps half a request over the change of clients, and reads it on with the next one's bytes.
            try (SocketChannel earlier = SocketChannel.open(UnixDomainSocketAddress.of(real.socket()))) {
                String half = "{\"execute\":\"guest-get-time\"}\n{\"execute\":\"guest-get-fsi";
                earlier.write(ByteBuffer.wrap(half.getBytes(StandardCharsets.UTF_8)));
                // It ends, with status 0, when a client leaves before it has read its reply (7.2).
                String reply = new BufferedReader(Channels.newReader(earlier, StandardCharsets.UTF_8)).readLine();
                assertThat(reply).contains("return");
            }
            try (QemuGuestAgent agent = connect(real)) {
                assertThat(Await.value(agent.info()).version()).isEqualTo(real.version());
            }
        }
    }

    @Test
    void a_late_reply_after_a_deadline_is_dropped_and_counted_and_the_next_command_gets_its_own() {
        try (HarmlessGuestAgent real = HarmlessGuestAgent.start();
                QemuGuestAgent agent = connect(real)) {
            real.suspend();
            Await.failure(agent.execute("guest-get-time", null, SHORT), OutcomeUnknownException.class);
            CompletableFuture<AgentInfo> next = agent.info();
            assertThat(next).isNotDone();
            real.resume();

            assertThat(Await.value(next).version()).isEqualTo(real.version());
            assertThat(agent.statistics().lateReplies()).isEqualTo(1);
            assertThat(agent.statistics().unknownReplies()).isZero();
        }
    }

    @Test
    void an_agent_that_is_stopped_is_silent() {
        try (HarmlessGuestAgent real = HarmlessGuestAgent.start()) {
            real.suspend();
            ConnectFailedException silent = Await.failure(
                    QemuGuestAgent.connect(QmpAddress.unix(real.socket()), impatient()), ConnectFailedException.class);
            real.resume();

            assertThat(silent.reason()).isEqualTo(Reason.AGENT_SILENT);
            assertThat(silent).hasMessageContaining("no guest agent answers").hasMessageNotContaining("held by");
        }
    }

    @Test
    void a_socket_that_somebody_else_holds_is_told_with_the_holder() {
        try (HarmlessGuestAgent real = HarmlessGuestAgent.start();
                QemuGuestAgent holder = connect(real)) {
            ConnectFailedException silent = Await.failure(
                    QemuGuestAgent.connect(QmpAddress.unix(real.socket()), impatient()), ConnectFailedException.class);

            assertThat(silent.reason()).isEqualTo(Reason.AGENT_SILENT);
            assertThat(silent).hasMessageContaining("held by another session of this process");
            assertThat(holder.ping()).succeedsWithin(Duration.ofSeconds(20));
        }
    }

    @Test
    void a_session_that_has_ended_leaves_the_agent_to_the_next_one() {
        List<String> traffic = new CopyOnWriteArrayList<>();
        QmpClientOptions recording = QmpClientOptions.builder()
                .trafficListener((direction, at, json) -> traffic.add(direction + " " + json))
                .build();
        try (HarmlessGuestAgent real = HarmlessGuestAgent.start()) {
            connect(real).close();
            QemuGuestAgent agent = Await.value(QemuGuestAgent.connect(QmpAddress.unix(real.socket()), recording));
            Await.value(agent.ping().thenApply(done -> true));
            agent.close();
            Await.value(agent.closed().thenApply(done -> true));

            assertThat(traffic.get(0)).startsWith("SENT {\"execute\":\"guest-sync-delimited\"");
            assertThat(traffic).contains("SENT {\"execute\":\"guest-ping\"}");
        }
    }

    @Test
    void the_client_of_a_monitor_says_of_an_agent_that_it_does_not_greet() {
        try (HarmlessGuestAgent real = HarmlessGuestAgent.start()) {
            ConnectFailedException busy = Await.failure(
                    QmpClient.connect(QmpAddress.unix(real.socket()), impatient()), ConnectFailedException.class);

            assertThat(busy.reason()).isEqualTo(Reason.BUSY);
            assertThat(busy.hint().orElseThrow()).contains("guest agent");
        }
    }

    @Test
    @RequiresQemu
    void a_monitor_is_told_from_an_agent() {
        try (QemuVm vm = QemuVm.builder().monitor(MonitorSpec.qmp()).start()) {
            ConnectFailedException failure =
                    Await.failure(QemuGuestAgent.connect(QmpAddress.unix(vm.monitor())), ConnectFailedException.class);

            assertThat(failure.reason()).isEqualTo(Reason.NOT_QMP);
            assertThat(failure).hasMessageContaining("is a QMP monitor, not a guest agent");
        }
    }

    @Test
    @RequiresQemu
    void the_port_of_a_guest_without_an_agent_is_silent() {
        try (QemuVm vm = QemuVm.builder()
                .args(
                        "-chardev",
                        "socket,id=qga,path=qga.sock,server=on,wait=off",
                        "-device",
                        "virtio-serial-pci",
                        "-device",
                        "virtserialport,chardev=qga,name=org.qemu.guest_agent.0")
                .start()) {
            Path port = vm.monitor().resolveSibling("qga.sock");
            ConnectFailedException silent = Await.failure(
                    QemuGuestAgent.connect(QmpAddress.unix(port), impatient()), ConnectFailedException.class);

            assertThat(silent.reason()).isEqualTo(Reason.AGENT_SILENT);
            assertThat(silent.hint().orElseThrow()).contains("does the agent run in the guest");
            assertThat(vm.isAlive()).isTrue();
        }
    }

    @Test
    void a_number_of_64_bits_keeps_its_value() {
        try (HarmlessGuestAgent real = HarmlessGuestAgent.start();
                QemuGuestAgent agent = connect(real)) {
            long number = Long.MAX_VALUE;
            JsonNode same = Await.value(agent.execute(
                    "guest-sync", JsonNodeFactory.instance.objectNode().put("id", number)));

            assertThat(same.longValue()).isEqualTo(number);
        }
    }
}
