package dev.qmp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Each way to fail on a TCP port has its own reason, and words that a user can act on. */
abstract class TcpConnectFailureContract extends TransportContract {

    @Test
    void nobody_on_a_tcp_port_is_nobody_listening() throws Exception {
        Peer peer = Peer.tcp();
        peer.close();
        ConnectFailedException failure = failureOf(peer.address());
        assertThat(failure.reason()).isEqualTo(Reason.NOBODY_LISTENING);
        assertThat(failure).hasMessageMatching("Nobody listens on port \\d+ of 127\\.0\\.0\\.1");
    }

    @Test
    void an_unknown_host_is_not_found() throws Exception {
        ConnectFailedException failure = failureOf(QmpAddress.tcp("no-such-host.invalid", 4444));
        assertThat(failure.reason()).isEqualTo(Reason.NOT_FOUND);
        assertThat(failure).hasMessage("There is no host named no-such-host.invalid");
    }

    @Test
    void a_host_that_does_not_answer_times_out() throws Exception {
        List<SocketChannel> fill = new ArrayList<>();
        try (Peer peer = Peer.tcp(1)) {
            fillQueue((QmpAddress.Tcp) peer.address(), fill);
            TransportOptions hasty =
                    options().toBuilder().connectTimeout(Duration.ofMillis(50)).build();
            CompletableFuture<Link> opening = Transports.open(peer.address(), hasty, new RecordingListener());
            ConnectFailedException failure = failureOf(opening);
            assertThat(failure.reason()).isEqualTo(Reason.TIMED_OUT);
            assertThat(failure).hasMessage("No connection to " + peer.address() + " within 50 ms");
        } finally {
            for (SocketChannel channel : fill) {
                channel.close();
            }
        }
    }

    @Test
    void an_attempt_can_be_given_up() throws Exception {
        List<SocketChannel> fill = new ArrayList<>();
        try (Peer peer = Peer.tcp(1)) {
            fillQueue((QmpAddress.Tcp) peer.address(), fill);
            RecordingListener listener = new RecordingListener();
            CompletableFuture<Link> opening = opening(peer.address(), listener);
            assertThat(opening.cancel(false)).isTrue();
            assertThat(listener.calls).isEmpty();
            for (Thread loop : threads()) {
                loop.join(10_000); // it ends only once the attempt has let go of it
            }
            assertThat(threads()).isEmpty();
        } finally {
            for (SocketChannel channel : fill) {
                channel.close();
            }
        }
    }

    /** Linux drops the SYN of a client that does not fit into the accept queue. */
    private static void fillQueue(QmpAddress.Tcp address, List<SocketChannel> into) throws IOException {
        for (int i = 0; i < 4; i++) {
            SocketChannel channel = SocketChannel.open();
            into.add(channel);
            channel.configureBlocking(false);
            channel.connect(new InetSocketAddress(address.host(), address.port()));
        }
    }
}
