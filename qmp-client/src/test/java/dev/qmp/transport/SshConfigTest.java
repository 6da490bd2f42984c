package dev.qmp.transport;

import static dev.qmp.transport.TransportContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import dev.qmp.fixtures.ssh.RequiresSsh;
import dev.qmp.fixtures.ssh.SshServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real ssh with what its user has in ~/.ssh/config for the work by hand. */
@RequiresSsh
@Timeout(60)
class SshConfigTest {

    @TempDir
    static Path keys;

    private static SshServer server;

    @TempDir
    Path folder;

    private final RecordingListener listener = new RecordingListener();

    @BeforeAll
    static void start_the_server() {
        server = SshServer.start(keys.resolve("sshd"));
    }

    @AfterAll
    static void end_the_server() {
        server.close();
    }

    private CompletableFuture<Link> opening(Path config) {
        return Transports.open(
                new QmpAddress.Ssh(
                        Optional.empty(),
                        "127.0.0.1",
                        OptionalInt.of(server.port()),
                        folder.resolve("s").toString()),
                TransportOptions.builder()
                        .connectTimeout(Duration.ofSeconds(15))
                        .ssh(SshOptions.builder().configFile(config).build())
                        .build(),
                listener);
    }

    private Path config(String... lines) throws IOException {
        return Files.writeString(
                folder.resolve("config"), Files.readString(server.config()) + String.join("\n", lines) + "\n");
    }

    private void isReached(Path config) throws Exception {
        try (Peer peer = Peer.unix(folder.resolve("s"))) {
            Link link = opening(config).get(20, TimeUnit.SECONDS);
            peer.accept().write("hello");
            assertThat(listener.awaitCount(5)).asString().isEqualTo("hello");
            link.loop().execute(link::close);
            assertThat(listener.awaitEnd().cause()).isNull();
        }
    }

    @Test
    void forwardings_that_are_cleared_by_default_are_not_ours() throws Exception {
        isReached(config("ClearAllForwardings yes"));
    }

    @Test
    void a_forwarding_whose_port_another_session_has_is_no_reason_to_fail() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            isReached(config("LocalForward 127.0.0.1:" + taken.getLocalPort() + " localhost:1"));
        }
    }

    @Test
    void a_command_and_a_terminal_for_the_work_by_hand_are_no_part_of_a_link() throws Exception {
        isReached(config("RemoteCommand exit 3", "RequestTTY force", "PermitLocalCommand yes", "LocalCommand exit 3"));
    }

    @Test
    void a_far_end_that_opens_and_closes_at_once_was_open() throws Exception {
        try (Peer peer = Peer.unix(folder.resolve("s"))) {
            CompletableFuture<Link> opening = opening(config());
            peer.accept().close();
            opening.get(20, TimeUnit.SECONDS);
            assertThat(listener.awaitEnd().cause()).isNull();
        }
    }

    @Test
    void a_host_key_that_was_withdrawn_is_not_to_be_accepted_by_hand() throws Exception {
        String[] words = Files.readString(keys.resolve("sshd/host.pub")).split(" ", -1);
        Path known =
                Files.writeString(folder.resolve("known"), "@revoked * " + words[0] + " " + words[1].strip() + "\n");
        Path config = Files.writeString(
                folder.resolve("config"),
                Files.readString(server.config())
                        .replace(keys.resolve("sshd/known_hosts").toString(), known.toString()));
        ConnectFailedException failure = failureOf(opening(config));
        assertThat(failure.reason()).isEqualTo(Reason.UNTRUSTED);
        assertThat(failure).hasMessage("The host key of 127.0.0.1 is marked as revoked");
        assertThat(failure.hint().orElseThrow()).contains("stolen").doesNotContain("by hand");
    }
}
