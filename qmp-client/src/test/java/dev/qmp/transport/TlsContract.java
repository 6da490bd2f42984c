package dev.qmp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import dev.qmp.fixtures.tls.TestAuthority;
import dev.qmp.fixtures.tls.TestCertificate;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What TLS adds to a link: who is trusted, what is said of one who is not, and that the link's promises still hold. */
abstract class TlsContract extends TransportContract {

    private static final int BIG = 8 * 1024 * 1024;
    private static final TestCertificate SERVER = TlsPeer.AUTHORITY.server("127.0.0.1", "::1", "vmhost.example");

    private final RecordingListener listener = new RecordingListener();
    private final CountDownLatch over = new CountDownLatch(1);

    @AfterEach
    void the_peers_thread_may_end() {
        over.countDown();
    }

    private interface Serving {
        void serve(SSLSocket socket) throws Exception;
    }

    /** Serves one client on a thread of its own; its failure is the peer's business. */
    private void serve(TlsPeer peer, Serving serving) {
        Thread thread = new Thread(
                () -> {
                    try (SSLSocket socket = peer.accept()) {
                        serving.serve(socket);
                    } catch (Exception e) {
                        // the client's end is what is looked at
                    }
                },
                "tls-peer");
        thread.setDaemon(true);
        thread.start();
    }

    private TlsPeer peer(TestCertificate certificate, TestAuthority trusts, String... versions) throws Exception {
        return new TlsPeer(certificate, trusts, folder.resolve("peer"), versions);
    }

    private TlsOptions.Builder trusting() {
        return TlsOptions.builder().caFile(TlsPeer.AUTHORITY.writeTo(folder.resolve("ca")));
    }

    private TransportOptions with(TlsOptions tls) {
        return TransportOptions.builder()
                .kind(kind())
                .connectTimeout(CONNECT_TIMEOUT)
                .tls(tls)
                .build();
    }

    private Link open(TlsPeer peer, TlsOptions tls) throws Exception {
        return track(Transports.open(peer.address("127.0.0.1"), with(tls), listener), listener);
    }

    private ConnectFailedException refused(QmpAddress address, TlsOptions tls) throws Exception {
        ConnectFailedException failure = failureOf(Transports.open(address, with(tls), listener));
        assertThat(listener.calls).isEmpty();
        return failure;
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void much_passes_both_ways_and_close_hands_over_what_was_sent(String version) throws Exception {
        byte[] much = new byte[BIG];
        new Random(1).nextBytes(much);
        CompletableFuture<byte[]> arrived = new CompletableFuture<>();
        try (TlsPeer peer = peer(SERVER, null, version)) {
            serve(peer, socket -> {
                socket.getOutputStream().write(much);
                arrived.complete(socket.getInputStream().readAllBytes());
            });
            Link link = open(peer, trusting().build());
            onLoop(link, () -> {
                link.send(much);
                link.send(new byte[] {1});
                return true;
            });
            assertThat(listener.awaitCount(BIG)).isEqualTo(much);
            link.loop().execute(link::close);
            assertThat(listener.awaitEnd().cause()).isNull();
            assertThat(arrived.get(20, TimeUnit.SECONDS)).startsWith(much).hasSize(BIG + 1);
        }
    }

    @Test
    void a_peer_that_does_not_read_holds_a_close_up_for_a_moment_only() throws Exception {
        try (TlsPeer peer = peer(SERVER, null)) {
            serve(peer, socket -> {
                socket.startHandshake();
                over.await();
            });
            Link link = open(peer, trusting().build());
            onLoop(link, () -> {
                link.send(new byte[4 * BIG]);
                link.close();
                return true;
            });
            assertThat(listener.awaitEnd().cause()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void the_peers_close_ends_the_link_after_its_last_words(String version) throws Exception {
        try (TlsPeer peer = peer(SERVER, null, version)) {
            serve(peer, socket -> socket.getOutputStream().write("bye".getBytes(StandardCharsets.UTF_8)));
            open(peer, trusting().build());
            assertThat(listener.awaitEnd().cause()).isNull();
            assertThat(listener.text()).isEqualTo("bye");
        }
    }

    @Test
    void a_bare_close_of_the_socket_is_an_end_as_qemu_makes_it() throws Exception {
        CompletableFuture<Socket> plain = new CompletableFuture<>();
        try (TlsPeer peer = peer(SERVER, null);
                Relay relay = new Relay(peer.address("127.0.0.1").port(), plain)) {
            serve(peer, socket -> {
                socket.getOutputStream().write("{\"half\":".getBytes(StandardCharsets.UTF_8));
                over.await();
            });
            track(Transports.open(relay.address(), with(trusting().build()), listener), listener);
            listener.awaitCount(8);
            plain.get(10, TimeUnit.SECONDS).close();
            assertThat(listener.awaitEnd().cause()).isNull();
        }
    }

    @Test
    void an_authority_that_is_not_trusted_is_named() throws Exception {
        try (TlsPeer peer = peer(SERVER, null)) {
            serve(peer, SSLSocket::startHandshake);
            Path other = TestAuthority.named("another").writeTo(folder.resolve("other"));
            ConnectFailedException failure = refused(
                    peer.address("127.0.0.1"),
                    TlsOptions.builder().caFile(other).build());
            assertThat(failure.reason()).isEqualTo(Reason.UNTRUSTED);
            assertThat(failure)
                    .hasMessageContaining("issued by")
                    .hasMessageContaining("CN=link tests")
                    .hasMessageContaining("comes from no CA that is trusted here");
        }
    }

    @Test
    void without_an_authority_the_ones_of_the_jdk_are_trusted() throws Exception {
        try (TlsPeer peer = peer(SERVER, null)) {
            serve(peer, SSLSocket::startHandshake);
            assertThat(refused(peer.address("127.0.0.1"), TlsOptions.DEFAULT).reason())
                    .isEqualTo(Reason.UNTRUSTED);
        }
    }

    @Test
    void an_expired_certificate_says_since_when() throws Exception {
        TestCertificate old = TlsPeer.AUTHORITY.expiredServer("127.0.0.1");
        try (TlsPeer peer = peer(old, null)) {
            serve(peer, SSLSocket::startHandshake);
            ConnectFailedException failure =
                    refused(peer.address("127.0.0.1"), trusting().build());
            assertThat(failure.reason()).isEqualTo(Reason.UNTRUSTED);
            assertThat(failure)
                    .hasMessageContaining(
                            "has expired on " + old.certificate().getNotAfter().toInstant());
        }
    }

    @Test
    void a_withdrawn_certificate_is_not_trusted() throws Exception {
        try (TlsPeer peer = peer(SERVER, null)) {
            serve(peer, SSLSocket::startHandshake);
            Path dir = folder.resolve("dir");
            TlsPeer.AUTHORITY.writeTo(dir);
            TlsPeer.AUTHORITY.revoke(SERVER, dir);
            ConnectFailedException failure = refused(peer.address("127.0.0.1"), TlsOptions.ofFolder(dir));
            assertThat(failure.reason()).isEqualTo(Reason.UNTRUSTED);
            assertThat(failure).hasMessageContaining("has been revoked");
        }
    }

    @Test
    void another_hosts_certificate_is_not_trusted_and_the_hosts_that_it_is_for_are_told() throws Exception {
        try (TlsPeer peer = peer(SERVER, null)) {
            serve(peer, SSLSocket::startHandshake);
            ConnectFailedException failure =
                    refused(peer.address("localhost"), trusting().build());
            assertThat(failure.reason()).isEqualTo(Reason.UNTRUSTED);
            assertThat(failure)
                    .hasMessageEndingWith(
                            "its certificate is for 127.0.0.1, 0:0:0:0:0:0:0:1, vmhost.example and not for localhost");
        }
    }

    @Test
    void a_fingerprint_is_compared_and_the_one_seen_is_told() throws Exception {
        try (TlsPeer peer = peer(TlsPeer.AUTHORITY.expiredServer("elsewhere"), null)) {
            serve(peer, SSLSocket::startHandshake);
            ConnectFailedException failure = refused(
                    peer.address("127.0.0.1"),
                    TlsOptions.builder().fingerprint(SERVER.fingerprint()).build());
            assertThat(failure.reason()).isEqualTo(Reason.UNTRUSTED);
            assertThat(failure).hasMessageContaining("has the fingerprint ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_peer_that_wants_a_certificate_and_gets_none_says_so_in_its_time(String version) throws Exception {
        try (TlsPeer peer = peer(SERVER, TlsPeer.AUTHORITY, version)) {
            serve(peer, SSLSocket::startHandshake);
            CompletableFuture<Link> opening =
                    Transports.open(peer.address("127.0.0.1"), with(trusting().build()), listener);
            // In 1.3 our handshake is done before the server looks at what we sent.
            Throwable failure = version.equals("TLSv1.2")
                    ? failureOf(opening)
                    : track(opening, listener) == null
                            ? null
                            : listener.awaitEnd().cause();
            assertThat(failure)
                    .isInstanceOf(ConnectFailedException.class)
                    .hasMessageContaining("asked for a client certificate, got none");
        }
    }

    @Test
    void a_peer_that_does_not_speak_tls_is_told_at_once() throws Exception {
        try (Peer peer = Peer.tcp()) {
            int port = ((QmpAddress.Tcp) peer.address()).port();
            CompletableFuture<Link> opening =
                    Transports.open(QmpAddress.tls("127.0.0.1", port), with(TlsOptions.DEFAULT), listener);
            peer.accept().write("{\"QMP\": {}}\r\n");
            ConnectFailedException failure = failureOf(opening);
            assertThat(failure.reason()).isEqualTo(Reason.NOT_QMP);
            assertThat(failure.hint())
                    .hasValueSatisfying(hint -> assertThat(hint).contains("tcp:127.0.0.1:" + port));
        }
    }

    @Test
    void a_handshake_that_is_not_answered_is_over_with_the_connect_timeout() throws Exception {
        try (ServerSocket silent = new ServerSocket(0)) {
            CompletableFuture<Link> opening = Transports.open(
                    QmpAddress.tls("127.0.0.1", silent.getLocalPort()),
                    with(TlsOptions.DEFAULT).toBuilder()
                            .connectTimeout(Duration.ofMillis(300))
                            .build(),
                    listener);
            ConnectFailedException failure = failureOf(opening);
            assertThat(failure.reason()).isEqualTo(Reason.BUSY);
            assertThat(failure).hasMessageContaining("did not answer the TLS handshake within 300 ms");
        }
    }

    @Test
    void nobody_on_the_port_is_nobody_listening() throws Exception {
        TlsPeer peer = peer(SERVER, null);
        peer.close();
        assertThat(refused(peer.address("127.0.0.1"), TlsOptions.DEFAULT).reason())
                .isEqualTo(Reason.NOBODY_LISTENING);
    }

    @Test
    void a_file_that_cannot_be_used_is_named_with_the_reason() throws Exception {
        QmpAddress nowhere = QmpAddress.tls("127.0.0.1", 1);
        Path missing = folder.resolve("missing.pem");
        ConnectFailedException none =
                refused(nowhere, TlsOptions.builder().caFile(missing).build());
        assertThat(none.reason()).isEqualTo(Reason.BAD_ADDRESS);
        assertThat(none).hasMessage("The file " + missing + " cannot be used for TLS: there is no such file");

        Path text = Files.writeString(folder.resolve("text.pem"), "no PEM");
        assertThat(refused(nowhere, TlsOptions.builder().caFile(text).build()))
                .hasMessageContaining("there is no certificate in PEM form in it");
        assertThat(refused(
                        nowhere,
                        trusting()
                                .clientCertificate(folder.resolve("ca/ca-cert.pem"), text)
                                .build()))
                .hasMessageContaining("text.pem cannot be used for TLS: there is no private key in PEM form in it");
    }

    @Test
    void a_revocation_list_that_cannot_be_read_is_not_taken_for_an_empty_one() throws Exception {
        Path dir = folder.resolve("dir");
        TlsPeer.AUTHORITY.writeTo(dir);
        Path list = Files.write(dir.resolve("ca-crl.pem"), new byte[] {0x30, 0x01, 0x00});
        ConnectFailedException failure = refused(QmpAddress.tls("127.0.0.1", 1), TlsOptions.ofFolder(dir));
        assertThat(failure.reason()).isEqualTo(Reason.BAD_ADDRESS);
        assertThat(failure)
                .hasMessage(
                        "The file " + list + " cannot be used for TLS: there is no revocation list in PEM form in it");
    }

    @Test
    void a_key_of_another_certificate_is_told_before_the_peer_refuses_it() throws Exception {
        for (boolean rsa : new boolean[] {true, false}) {
            Path ours = folder.resolve("ours" + rsa);
            Path other = folder.resolve("other" + rsa);
            (rsa ? TlsPeer.AUTHORITY.rsaClient("us") : TlsPeer.AUTHORITY.client("us")).writeTo(ours, "client");
            (rsa ? TlsPeer.AUTHORITY.rsaClient("us") : TlsPeer.AUTHORITY.client("us")).writeTo(other, "client");
            ConnectFailedException failure = refused(
                    QmpAddress.tls("127.0.0.1", 1),
                    trusting()
                            .clientCertificate(ours.resolve("client-cert.pem"), other.resolve("client-key.pem"))
                            .build());
            assertThat(failure.reason()).isEqualTo(Reason.BAD_ADDRESS);
            assertThat(failure).hasMessageContaining("it is not the key of " + ours.resolve("client-cert.pem"));
        }
    }

    @Test
    void a_folder_without_an_authority_trusts_nobody() throws Exception {
        Path empty = Files.createDirectories(folder.resolve("empty"));
        assertThat(refused(QmpAddress.tls("127.0.0.1", 1), TlsOptions.ofFolder(empty)))
                .hasMessageContaining("ca-cert.pem cannot be used for TLS: there is no such file");
    }

    /** A TCP connection in the middle, which can be cut without TLS knowing. */
    private static final class Relay implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0);
        private final CompletableFuture<Socket> accepted;

        Relay(int to, CompletableFuture<Socket> accepted) throws IOException {
            this.accepted = accepted;
            Thread thread = new Thread(() -> {
                try {
                    Socket near = server.accept();
                    Socket far = new Socket("127.0.0.1", to);
                    Thread back = new Thread(() -> copy(far, near));
                    back.setDaemon(true);
                    back.start();
                    accepted.complete(near);
                    copy(near, far);
                } catch (IOException e) {
                    accepted.completeExceptionally(e);
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        private static void copy(Socket from, Socket to) {
            try {
                from.getInputStream().transferTo(to.getOutputStream());
            } catch (IOException e) {
                // cut, as the test wanted
            }
        }

        QmpAddress address() {
            return QmpAddress.tls("127.0.0.1", server.getLocalPort());
        }

        @Override
        public void close() throws IOException {
            server.close();
            if (accepted.isDone()) {
                accepted.join().close();
            }
        }
    }
}
