package dev.qmp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardSocketOptions;
import org.junit.jupiter.api.Test;

/** The same promises over TCP, and what TCP has besides. */
abstract class TcpTck extends TransportTck {

    @Override
    Peer peer() throws IOException {
        return Peer.tcp();
    }

    @Override
    QmpAddress nobody() throws IOException {
        Peer gone = Peer.tcp();
        gone.close();
        return gone.address();
    }

    @Test
    void the_kernel_does_not_tell_whose_port_it_is() throws Exception {
        try (Peer peer = peer()) {
            Link link = open(peer.address(), listener);
            peer.accept().close();
            assertThat(onLoop(link, link::peer)).isEmpty();
        }
    }

    @Test
    void a_host_is_looked_up_by_its_name() throws Exception {
        try (Peer peer = peer()) {
            int port = ((QmpAddress.Tcp) peer.address()).port();
            open(QmpAddress.tcp("localhost", port), listener);
            peer.accept().close();
            assertThat(listener.awaitEnd().cause()).isNull();
        }
    }

    @Test
    void a_reset_over_tcp_ends_the_link_with_what_the_kernel_said() throws Exception {
        try (Peer peer = peer()) {
            open(peer.address(), listener);
            PeerEnd their = peer.accept();
            ((PeerEnd.OfSocket) their).channel().setOption(StandardSocketOptions.SO_LINGER, 0);
            their.close();
            assertThat(listener.awaitEnd().cause()).isInstanceOf(IOException.class);
        }
    }

    /** The kernel takes what is written to a peer that has gone, and learns of the end only from the answer. */
    @Override
    @Test
    void what_the_peer_said_before_it_went_is_received_though_a_write_fails() throws Exception {
        try (Peer peer = peer()) {
            saysLastWordsAndGoes(peer);
            listener.awaitEnd();
            assertThat(listener.text()).isEqualTo("last words");
        }
    }
}
