package dev.qmp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import dev.qmp.error.ConnectionLostException;
import dev.qmp.fixtures.Eventually;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import dev.qmp.fixtures.ssh.RequiresSsh;
import dev.qmp.fixtures.ssh.SshServer;
import dev.qmp.transport.QmpAddress;
import dev.qmp.transport.SshOptions;
import dev.qmp.transport.TransportKind;
import dev.qmp.wire.Message.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A real QEMU behind a real sshd. */
@RequiresQemu
@RequiresSsh
@Timeout(120)
class SshIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private Set<Path> before = Set.of();

    @BeforeEach
    void what_others_have_is_theirs() {
        before = Set.copyOf(folders());
    }

    @AfterEach
    void no_ssh_and_no_folder_of_ours_is_left() {
        Eventually.holds(
                PATIENCE, () -> "the end of " + sshs() + " and " + left(), () -> sshs().isEmpty() && left().isEmpty());
    }

    private static List<String> sshs() {
        return ProcessHandle.current()
                .children()
                .flatMap(child -> child.info().command().stream())
                .filter(command -> command.endsWith("/ssh"))
                .toList();
    }

    /** Another test run on this host may have its own meanwhile. */
    private List<Path> left() {
        return folders().stream()
                .filter(one -> !before.contains(one))
                .filter(one -> ProcessHandle.allProcesses()
                        .filter(process -> process.parent()
                                .filter(ProcessHandle.current()::equals)
                                .isEmpty())
                        .noneMatch(process ->
                                process.info().commandLine().orElse("").contains(one.toString())))
                .toList();
    }

    private static List<Path> folders() {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(path -> String.valueOf(path.getFileName()).startsWith("qmp-ssh-"))
                    .filter(path -> Files.exists(path.resolve("said")))
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private SshServer server(String... more) {
        return SshServer.start(folder.resolve("ssh"), more);
    }

    private static QmpAddress.Ssh address(SshServer server, Path socket) {
        return new QmpAddress.Ssh(Optional.empty(), "127.0.0.1", OptionalInt.of(server.port()), socket.toString());
    }

    private static CompletableFuture<QmpClient> connecting(QmpAddress address, SshOptions ssh, TransportKind kind) {
        return QmpClient.connect(
                address,
                QmpClientOptions.builder()
                        .transport(kind)
                        .ssh(ssh)
                        .connectTimeout(PATIENCE)
                        .build());
    }

    private static SshOptions with(Path config) {
        return SshOptions.builder().configFile(config).build();
    }

    private static QmpClient connect(QmpAddress address, Path config) {
        return Await.value(connecting(address, with(config), TransportKind.AUTO));
    }

    private static ConnectFailedException refused(QmpAddress address, Path config) {
        return Await.failure(connecting(address, with(config), TransportKind.AUTO), ConnectFailedException.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportKind.class,
            names = {"EPOLL", "NIO"})
    void commands_events_and_the_schema_pass(TransportKind kind) throws Exception {
        try (QemuVm vm = QemuVm.builder().start();
                SshServer server = server();
                QmpClient client =
                        Await.value(connecting(address(server, vm.monitor()), with(server.config()), kind))) {
            assertThat(Await.value(client.execute("query-name")).path("name").asText())
                    .isEqualTo("daisy");
            assertThat(client.peer()).as("the peer is not our own ssh").isEmpty();

            CompletableFuture<Event> stopped = new CompletableFuture<>();
            client.subscribe(event -> event.name().equals("STOP"), stopped::complete);
            Await.value(client.execute("stop"));
            assertThat(stopped.get(20, TimeUnit.SECONDS).name()).isEqualTo("STOP");

            assertThat(Await.value(client.execute("query-qmp-schema")).toString())
                    .hasSizeGreaterThan(150_000);
        }
    }

    @Test
    void a_client_can_leave_and_come_back_and_each_closing_is_quick() {
        try (QemuVm vm = QemuVm.builder().start();
                SshServer server = server()) {
            for (int i = 0; i < 3; i++) {
                try (QmpClient client = connect(address(server, vm.monitor()), server.config())) {
                    assertThat(Await.value(client.execute("query-status")).path("status"))
                            .isNotNull();
                }
            }
        }
    }

    @Test
    void a_path_with_what_ssh_takes_for_its_own_is_found() throws Exception {
        try (QemuVm vm = QemuVm.builder().start();
                SshServer server = server()) {
            for (String name : List.of("a:b", "100%h", "back\\slash", "with space", "$HOME", "'; echo")) {
                Path link = Files.createSymbolicLink(folder.resolve(name), vm.monitor());
                try (QmpClient client = connect(address(server, link), server.config())) {
                    assertThat(client.greeting().version().major()).isGreaterThan(6);
                }
            }
        }
    }

    @Test
    void an_old_ssh_that_knows_no_new_options_does_as_well() throws Exception {
        Path old = Files.writeString(folder.resolve("ssh"), """
            #!/bin/sh
            for word; do
              case "$word" in
                LogVerbose=*) echo "command-line: line 0: Bad configuration option: logverbose" >&2; exit 255;;
              esac
            done
            exec ssh "$@"
            """, java.nio.file.StandardOpenOption.CREATE_NEW);
        Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rwx------"));
        Files.createDirectories(folder.resolve("x"));
        try (QemuVm vm = QemuVm.builder().start();
                SshServer server = SshServer.start(folder.resolve("x/ssh"))) {
            SshOptions options = SshOptions.builder()
                    .program(old.toString())
                    .configFile(server.config())
                    .build();
            try (QmpClient client =
                    Await.value(connecting(address(server, vm.monitor()), options, TransportKind.AUTO))) {
                assertThat(client.greeting().version().major()).isGreaterThan(6);
            }
            ConnectFailedException missing = Await.failure(
                    connecting(address(server, folder.resolve("none")), options, TransportKind.AUTO),
                    ConnectFailedException.class);
            assertThat(missing.reason()).isEqualTo(Reason.NOT_FOUND);
        }
    }

    @Test
    void a_socket_that_is_missing_or_left_behind_is_told() {
        try (QemuVm vm = QemuVm.builder().start();
                SshServer server = server()) {
            Path missing = folder.resolve("none");
            ConnectFailedException none = refused(address(server, missing), server.config());
            assertThat(none.reason()).isEqualTo(Reason.NOT_FOUND);
            assertThat(none).hasMessageStartingWith("On 127.0.0.1 nothing can be reached at " + missing);

            vm.kill();
            assertThat(refused(address(server, vm.monitor()), server.config()).reason())
                    .isEqualTo(Reason.NOT_FOUND);
        }
    }

    @Test
    void a_server_that_forbids_forwarding_looks_like_a_missing_socket_and_the_hint_says_so() {
        try (QemuVm vm = QemuVm.builder().start();
                SshServer server = server("AllowStreamLocalForwarding no")) {
            ConnectFailedException failure = refused(address(server, vm.monitor()), server.config());
            assertThat(failure.reason()).isEqualTo(Reason.NOT_FOUND);
            assertThat(failure.hint().orElseThrow()).contains("AllowStreamLocalForwarding");
        }
    }

    @Test
    void a_key_that_the_server_does_not_know_is_refused_without_a_question() {
        try (SshServer server = server()) {
            ConnectFailedException failure =
                    refused(address(server, folder.resolve("any")), server.configWithStrangersKey());
            assertThat(failure.reason()).isEqualTo(Reason.PERMISSION_DENIED);
            assertThat(failure).hasMessageContaining("Permission denied (publickey");
            assertThat(failure.hint().orElseThrow()).contains("ssh-add");
        }
    }

    @Test
    void a_host_key_that_is_unknown_or_another_one_is_not_trusted() {
        try (SshServer server = server()) {
            QmpAddress address = address(server, folder.resolve("any"));
            ConnectFailedException unknown = refused(address, server.configWithoutHostKey());
            assertThat(unknown.reason()).isEqualTo(Reason.UNTRUSTED);
            assertThat(unknown).hasMessageContaining("does not know the host key");

            ConnectFailedException changed = refused(address, server.configWithOtherHostKey());
            assertThat(changed.reason()).isEqualTo(Reason.UNTRUSTED);
            assertThat(changed).hasMessageContaining("is not the one that ssh knows, but SHA256:");
        }
    }

    @Test
    void no_server_no_host_and_no_ssh_are_told_apart() {
        SshServer gone = server();
        gone.close();
        assertThat(refused(address(gone, folder.resolve("any")), gone.config()).reason())
                .isEqualTo(Reason.NOBODY_LISTENING);
        assertThat(refused(QmpAddress.parse("ssh://no-such-host.invalid/any"), gone.config())
                        .reason())
                .isEqualTo(Reason.NOT_FOUND);
        ConnectFailedException noProgram = Await.failure(
                connecting(
                        address(gone, folder.resolve("any")),
                        SshOptions.builder().program("/no/such/ssh").build(),
                        TransportKind.AUTO),
                ConnectFailedException.class);
        assertThat(noProgram.reason()).isEqualTo(Reason.BAD_ADDRESS);
        assertThat(noProgram).hasMessageContaining("/no/such/ssh");
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportKind.class,
            names = {"EPOLL", "NIO"})
    void a_connection_that_drops_in_the_middle_ends_the_client_with_sshs_own_words(TransportKind kind) {
        try (QemuVm vm = QemuVm.builder().start();
                SshServer server = server();
                QmpClient client =
                        Await.value(connecting(address(server, vm.monitor()), with(server.config()), kind))) {
            Await.value(client.execute("query-status"));
            server.kill();
            assertThat(Await.failure(client.closed(), ConnectionLostException.class))
                    .hasMessageContaining("ssh: ");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportKind.class,
            names = {"EPOLL", "NIO"})
    void an_ssh_that_is_killed_is_told_from_a_qemu_that_ends(TransportKind kind) {
        try (QemuVm vm = QemuVm.builder().start();
                SshServer server = server();
                QmpClient client =
                        Await.value(connecting(address(server, vm.monitor()), with(server.config()), kind))) {
            ProcessHandle.current()
                    .children()
                    .filter(child -> child.info().command().orElse("").endsWith("/ssh"))
                    .forEach(ProcessHandle::destroyForcibly);
            assertThat(Await.failure(client.closed(), ConnectionLostException.class))
                    .hasMessageContaining("the ssh process was killed");
        }
    }

    @Test
    void the_death_of_qemu_ends_the_client() {
        try (QemuVm vm = QemuVm.builder().start();
                SshServer server = server();
                QmpClient client = connect(address(server, vm.monitor()), server.config())) {
            vm.kill();
            assertThat(Await.failure(client.closed(), ConnectionLostException.class))
                    .hasMessage("QEMU closed the connection");
        }
    }

    @Test
    void a_monitor_in_use_is_busy() {
        try (QemuVm vm = QemuVm.builder().start();
                SshServer server = server();
                QmpClient first = connect(address(server, vm.monitor()), server.config())) {
            ConnectFailedException busy = Await.failure(
                    QmpClient.connect(
                            address(server, vm.monitor()),
                            QmpClientOptions.builder()
                                    .ssh(with(server.config()))
                                    .connectTimeout(PATIENCE)
                                    .greetingTimeout(Duration.ofMillis(500))
                                    .build()),
                    ConnectFailedException.class);
            assertThat(busy.reason()).isEqualTo(Reason.BUSY);
            assertThat(Await.value(first.execute("query-status")).path("status"))
                    .isNotNull();
        }
    }

    @Test
    void an_attempt_that_is_given_up_leaves_nothing() {
        try (SshServer server = server()) {
            CompletableFuture<QmpClient> opening =
                    connecting(address(server, folder.resolve("any")), with(server.config()), TransportKind.AUTO);
            assertThat(opening.cancel(false)).isTrue();
        }
    }
}
