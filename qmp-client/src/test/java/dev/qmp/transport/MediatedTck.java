package dev.qmp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * The same promises where something stands between the kernel and us. It passes on that the other end has gone, and how in
 * its own way: TLS says its end before the kernel's reset comes, ssh says nothing of resets, and what is written to a peer
 * that has gone is taken and is nobody's.
 */
abstract class MediatedTck extends TransportTck {

    @Override
    @Test
    void the_peers_reset_ends_the_link_with_what_the_kernel_said() throws Exception {
        try (Peer peer = peer()) {
            Link link = open(peer.address(), listener);
            PeerEnd their = peer.accept();
            send(link, new byte[] {'x'});
            their.close();
            assertThat(listener.awaitEnd()).isNotNull();
        }
    }

    @Override
    @Test
    void what_the_peer_said_before_it_went_is_received_though_a_write_fails() throws Exception {
        try (Peer peer = peer()) {
            saysLastWordsAndGoes(peer);
            listener.awaitEnd();
            assertThat(listener.text()).isEqualTo("last words");
        }
    }

    @Override
    @Test
    void a_peer_that_goes_during_a_long_write_ends_the_link() throws Exception {
        try (Peer peer = peer()) {
            Link link = open(peer.address(), listener);
            PeerEnd their = peer.accept();
            send(link, new byte[8 * 1024 * 1024]);
            their.read(1_000);
            their.close();
            assertThat(listener.awaitEnd()).isNotNull();
        }
    }
}
