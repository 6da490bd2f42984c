package dev.qmp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import dev.qmp.error.ConnectionLostException;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import dev.qmp.fixtures.tls.TestAuthority;
import dev.qmp.fixtures.tls.TestCertificate;
import dev.qmp.transport.QmpAddress;
import dev.qmp.transport.TlsOptions;
import dev.qmp.transport.TransportKind;
import dev.qmp.wire.Message.Event;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real QEMU behind its own {@code tls-creds-x509}. */
@RequiresQemu
@Timeout(120)
class TlsIT {

    private static final TestAuthority AUTHORITY = TestAuthority.named("qmp tests");
    private static final TestCertificate SERVER = AUTHORITY.rsaServer("127.0.0.1", "vmhost.example");

    @TempDir
    Path folder;

    private QemuVm qemu(String peerVerification, String more) {
        Path server = folder.resolve("server");
        SERVER.writeTo(server, "server");
        AUTHORITY.writeTo(server);
        return QemuVm.builder()
                .args(
                        "-object",
                        "tls-creds-x509,id=tls0,dir=" + server + ",endpoint=server,verify-peer=" + peerVerification
                                + more,
                        "-chardev",
                        "socket,id=tls,host=127.0.0.1,port=0,server=on,wait=off,tls-creds=tls0",
                        "-mon",
                        "chardev=tls,mode=control")
                .start();
    }

    private QemuVm qemu() {
        return qemu("on", "");
    }

    private static QmpAddress.Tls address(QemuVm vm, String host) {
        for (JsonNode chardev : vm.control().execute("query-chardev")) {
            Matcher port = Pattern.compile("127\\.0\\.0\\.1:(\\d+)")
                    .matcher(chardev.path("filename").asText());
            if (chardev.path("label").asText().equals("tls") && port.find()) {
                return new QmpAddress.Tls(host, Integer.parseInt(port.group(1)));
            }
        }
        throw new AssertionError("QEMU has no TLS monitor");
    }

    private static QmpAddress.Tls address(QemuVm vm) {
        return address(vm, "127.0.0.1");
    }

    /** As QEMU's manual has a client's folder. */
    private TlsOptions.Builder ours() {
        Path client = folder.resolve("client");
        AUTHORITY.writeTo(client);
        AUTHORITY.rsaClient("us").writeTo(client, "client");
        return TlsOptions.builder().folder(client);
    }

    private static CompletableFuture<QmpClient> connecting(QmpAddress address, TlsOptions tls, TransportKind kind) {
        return QmpClient.connect(
                address,
                QmpClientOptions.builder()
                        .transport(kind)
                        .tls(tls)
                        .connectTimeout(Duration.ofSeconds(30))
                        .build());
    }

    private static QmpClient connect(QmpAddress address, TlsOptions tls) {
        return Await.value(connecting(address, tls, TransportKind.AUTO));
    }

    private static ConnectFailedException refused(QmpAddress address, TlsOptions tls) {
        return Await.failure(connecting(address, tls, TransportKind.AUTO), ConnectFailedException.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportKind.class,
            names = {"EPOLL", "NIO"})
    void commands_events_and_the_schema_pass_where_both_ends_show_certificates(TransportKind kind) throws Exception {
        try (QemuVm vm = qemu();
                QmpClient client = Await.value(connecting(address(vm), ours().build(), kind))) {
            assertThat(Await.value(client.execute("query-name")).path("name").asText())
                    .isEqualTo("daisy");
            assertThat(client.peer()).isEmpty();

            CompletableFuture<Event> stopped = new CompletableFuture<>();
            client.subscribe(event -> event.name().equals("STOP"), stopped::complete);
            Await.value(client.execute("stop"));
            assertThat(stopped.get(20, TimeUnit.SECONDS).name()).isEqualTo("STOP");

            assertThat(Await.value(client.execute("query-qmp-schema")).toString())
                    .hasSizeGreaterThan(150_000);
        }
    }

    @Test
    void a_client_can_leave_and_come_back() {
        try (QemuVm vm = qemu()) {
            TlsOptions tls = ours().build();
            for (int i = 0; i < 5; i++) {
                try (QmpClient client = connect(address(vm), tls)) {
                    assertThat(Await.value(client.execute("query-status")).path("running"))
                            .isNotNull();
                }
            }
        }
    }

    @Test
    void a_server_of_another_authority_is_not_trusted() {
        try (QemuVm vm = qemu()) {
            Path other = TestAuthority.named("somebody else").writeTo(folder.resolve("other"));
            ConnectFailedException failure =
                    refused(address(vm), ours().caFile(other).build());

            assertThat(failure.reason()).isEqualTo(Reason.UNTRUSTED);
            assertThat(failure)
                    .hasMessageContaining("comes from no CA that is trusted here")
                    .hasMessageContaining("CN=qmp tests");
        }
    }

    @Test
    void the_certificate_must_name_the_host() {
        try (QemuVm vm = qemu()) {
            QmpAddress.Tls byName = address(vm, "localhost");
            ConnectFailedException failure = refused(byName, ours().build());

            assertThat(failure.reason()).isEqualTo(Reason.UNTRUSTED);
            assertThat(failure)
                    .hasMessage(byName + " is not trusted: its certificate is for 127.0.0.1, vmhost.example and not for"
                            + " localhost");

            connect(byName, ours().hostName("vmhost.example").build()).close();
            connect(byName, ours().verifyHostName(false).build()).close();
        }
    }

    @Test
    void a_pinned_fingerprint_stands_for_authority_and_host_name() {
        try (QemuVm vm = qemu("off", "")) {
            QmpAddress.Tls address = address(vm, "localhost");
            connect(
                            address,
                            TlsOptions.builder()
                                    .fingerprint(SERVER.fingerprint())
                                    .build())
                    .close();

            String wrong = "00".repeat(32);
            ConnectFailedException failure =
                    refused(address, TlsOptions.builder().fingerprint(wrong).build());
            assertThat(failure.reason()).isEqualTo(Reason.UNTRUSTED);
            assertThat(failure).hasMessageContaining(SERVER.fingerprint());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",priority=NORMAL:-VERS-ALL:+VERS-TLS1.2"})
    void without_a_client_certificate_the_message_asks_for_one(String priority) {
        try (QemuVm vm = qemu("on", priority)) {
            TlsOptions none = TlsOptions.builder()
                    .caFile(folder.resolve("server/ca-cert.pem"))
                    .build();
            ConnectFailedException failure = refused(address(vm), none);

            assertThat(failure.reason()).isEqualTo(Reason.PERMISSION_DENIED);
            assertThat(failure).hasMessageContaining("asked for a client certificate, got none");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",priority=NORMAL:-VERS-ALL:+VERS-TLS1.2"})
    void a_client_certificate_of_another_authority_is_refused_and_named(String priority) {
        try (QemuVm vm = qemu("on", priority)) {
            Path stranger = folder.resolve("stranger");
            TestAuthority.named("somebody else").rsaClient("stranger").writeTo(stranger, "client");
            ConnectFailedException failure = refused(
                    address(vm),
                    TlsOptions.builder()
                            .folder(stranger)
                            .caFile(folder.resolve("server/ca-cert.pem"))
                            .build());

            assertThat(failure.reason()).isEqualTo(Reason.PERMISSION_DENIED);
            assertThat(failure).hasMessageContaining("CN=stranger");
        }
    }

    @Test
    void a_monitor_without_tls_is_told_from_one_with_it() {
        try (QemuVm vm = QemuVm.builder()
                .monitor(dev.qmp.fixtures.qemu.MonitorSpec.tcp())
                .start()) {
            QmpAddress.Tls plain = new QmpAddress.Tls("127.0.0.1", vm.tcpPort(0));
            ConnectFailedException failure = refused(plain, ours().build());

            assertThat(failure.reason()).isEqualTo(Reason.NOT_QMP);
            assertThat(failure).hasMessageContaining("does not speak TLS");
            assertThat(failure.hint().orElseThrow()).contains("tcp:127.0.0.1:" + plain.port());
        }
    }

    @Test
    void a_monitor_in_use_is_busy() {
        try (QemuVm vm = qemu();
                QmpClient first = connect(address(vm), ours().build())) {
            ConnectFailedException failure = Await.failure(
                    QmpClient.connect(
                            address(vm),
                            QmpClientOptions.builder()
                                    .tls(ours().build())
                                    .connectTimeout(Duration.ofMillis(500))
                                    .build()),
                    ConnectFailedException.class);

            assertThat(failure.reason()).isEqualTo(Reason.BUSY);
            assertThat(failure).hasMessageContaining("did not answer the TLS handshake within 500 ms");
            assertThat(Await.value(first.execute("query-status")).path("status"))
                    .isNotNull();
        }
    }

    @Test
    void the_death_of_qemu_ends_the_client_with_its_cause() throws Exception {
        try (QemuVm vm = qemu();
                QmpClient client = connect(address(vm), ours().build())) {
            vm.kill();
            assertThat(Await.failure(client.closed().toCompletableFuture(), ConnectionLostException.class))
                    .isNotNull();
            assertThat(Files.exists(folder)).isTrue();
        }
    }
}
