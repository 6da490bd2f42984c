package dev.qmp.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.qmp.error.ConnectFailedException.Reason;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What an open link promises. */
abstract class LinkContract extends TransportContract {

    private static final int BIG = 32 * 1024 * 1024;

    private final RecordingListener listener = new RecordingListener();

    @Test
    void the_listener_knows_of_the_link_before_the_future_does() throws Exception {
        try (Peer peer = peer()) {
            CompletableFuture<Boolean> told =
                    opening(peer.address(), listener).thenApply(link -> listener.calls.contains("opened"));
            assertThat(told.get(10, TimeUnit.SECONDS)).isTrue();
            peer.accept().close();
            assertThat(listener.awaitEnd().cause()).isNull();
        }
    }

    @Test
    void what_the_peer_said_before_we_were_ready_is_received() throws Exception {
        try (Peer peer = peer()) {
            CompletableFuture<Link> opening = opening(peer.address(), listener);
            try (SocketChannel their = peer.accept()) {
                Peer.write(their, "greeting");
            }
            opening.get(10, TimeUnit.SECONDS);
            assertThat(listener.awaitEnd().cause()).isNull();
            assertThat(listener.text()).isEqualTo("greeting");
        }
    }

    @Test
    void bytes_arrive_in_order() throws Exception {
        try (Peer peer = peer()) {
            Link link = open(peer.address(), listener);
            try (SocketChannel their = peer.accept()) {
                StringBuilder all = new StringBuilder();
                for (int i = 0; i < 1_000; i++) {
                    String line = i + "\n";
                    all.append(line);
                    link.loop().execute(() -> link.send(line.getBytes(StandardCharsets.UTF_8)));
                }
                byte[] arrived = Peer.read(their, all.length());
                assertThat(new String(arrived, StandardCharsets.UTF_8)).isEqualTo(all.toString());
            }
        }
    }

    @Test
    void a_document_of_32_mebibytes_passes_both_ways() throws Exception {
        byte[] document = new byte[BIG];
        new Random(1).nextBytes(document);
        try (Peer peer = peer()) {
            Link link = open(peer.address(), listener);
            try (SocketChannel their = peer.accept()) {
                send(link, document);
                byte[] arrived = Peer.read(their, BIG);
                assertThat(arrived).isEqualTo(document);
                Peer.write(their, arrived);
                assertThat(listener.awaitCount(BIG)).isEqualTo(document);
            }
        }
    }

    @Test
    void tcp_passes_bytes_both_ways() throws Exception {
        try (Peer peer = Peer.tcp()) {
            Link link = open(peer.address(), listener);
            try (SocketChannel their = peer.accept()) {
                send(link, "ping".getBytes(StandardCharsets.UTF_8));
                Peer.write(their, Peer.read(their, 4));
                assertThat(new String(listener.awaitCount(4), StandardCharsets.UTF_8))
                        .isEqualTo("ping");
                assertThat(onLoop(link, link::peer)).isEmpty();
            }
        }
    }

    @Test
    void a_host_is_looked_up_by_its_name() throws Exception {
        try (Peer peer = Peer.tcp()) {
            int port = ((QmpAddress.Tcp) peer.address()).port();
            open(QmpAddress.tcp("localhost", port), listener);
            peer.accept().close();
            assertThat(listener.awaitEnd().cause()).isNull();
        }
    }

    @Test
    void the_peers_close_ends_the_link_without_a_cause() throws Exception {
        try (Peer peer = peer()) {
            open(peer.address(), listener);
            peer.accept().close();
            assertThat(listener.awaitEnd().cause()).isNull();
        }
    }

    @Test
    void the_peers_half_close_is_a_close() throws Exception {
        try (Peer peer = peer()) {
            open(peer.address(), listener);
            try (SocketChannel their = peer.accept()) {
                their.shutdownOutput();
                assertThat(listener.awaitEnd().cause()).isNull();
                assertThat(their.read(java.nio.ByteBuffer.allocate(1))).isEqualTo(-1);
            }
        }
    }

    @Test
    void the_peers_reset_ends_the_link_with_what_the_kernel_said() throws Exception {
        try (Peer peer = peer()) {
            Link link = open(peer.address(), listener);
            SocketChannel their = peer.accept();
            send(link, new byte[] {'x'});
            their.close(); // with a byte unread: a reset, on UNIX sockets too
            assertThat(listener.awaitEnd().cause()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_reset_over_tcp_ends_the_link_with_what_the_kernel_said() throws Exception {
        try (Peer peer = Peer.tcp()) {
            open(peer.address(), listener);
            SocketChannel their = peer.accept();
            their.setOption(StandardSocketOptions.SO_LINGER, 0);
            their.close();
            assertThat(listener.awaitEnd().cause()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void what_the_peer_said_before_it_went_is_received_though_a_write_fails() throws Exception {
        try (Peer peer = peer()) {
            Link link = open(peer.address(), listener);
            CountDownLatch held = new CountDownLatch(1);
            CountDownLatch gone = new CountDownLatch(1);
            link.loop().execute(() -> {
                held.countDown();
                await(gone); // the loop sees nothing of what happens meanwhile, and then writes first
                link.send("too late".getBytes(StandardCharsets.UTF_8));
            });
            await(held);
            try (SocketChannel their = peer.accept()) {
                Peer.write(their, "last words");
            }
            gone.countDown();
            assertThat(listener.awaitEnd().cause()).isInstanceOf(IOException.class);
            assertThat(listener.text()).isEqualTo("last words");
        }
    }

    @Test
    void our_close_hands_over_what_was_sent_before() throws Exception {
        byte[] much = new byte[BIG];
        try (Peer peer = peer()) {
            Link link = open(peer.address(), listener);
            try (SocketChannel their = peer.accept()) {
                onLoop(link, () -> {
                    link.send(much);
                    link.close();
                    return true;
                });
                assertThat(Peer.read(their, BIG)).hasSize(BIG);
                assertThat(listener.awaitEnd().cause()).isNull();
            }
        }
    }

    @Test
    void our_close_does_not_wait_for_ever_for_a_peer_that_does_not_read() throws Exception {
        try (Peer peer = peer()) {
            Link link = open(peer.address(), listener);
            try (SocketChannel their = peer.accept()) {
                onLoop(link, () -> {
                    link.send(new byte[BIG]);
                    link.close();
                    link.close();
                    return true;
                });
                assertThat(listener.awaitEnd().cause()).isNull();
                assertThat(their.isOpen()).isTrue();
            }
        }
    }

    @Test
    void a_peer_that_goes_during_a_long_write_ends_the_link() throws Exception {
        try (Peer peer = peer()) {
            Link link = open(peer.address(), listener);
            SocketChannel their = peer.accept();
            send(link, new byte[BIG]);
            Peer.read(their, 1_000);
            their.close();
            assertThat(listener.awaitEnd().cause()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void sending_after_the_end_does_nothing() throws Exception {
        try (Peer peer = peer()) {
            Link link = open(peer.address(), listener);
            peer.accept().close();
            listener.awaitEnd();
            send(link, new byte[100]);
            assertThat(listener.calls).containsExactly("opened", "closed");
        }
    }

    @Test
    void a_listener_that_throws_on_bytes_ends_the_link_and_hears_no_more_of_them() throws Exception {
        IllegalStateException failure = new IllegalStateException("cannot take it");
        AtomicBoolean again = new AtomicBoolean();
        RecordingListener throwing = new RecordingListener() {
            @Override
            public void received(byte[] array, int offset, int length) {
                if (!calls.contains("received")) {
                    super.received(array, offset, length);
                    throw failure;
                }
                again.set(true);
            }
        };
        try (Peer peer = peer()) {
            open(peer.address(), throwing);
            try (SocketChannel their = peer.accept()) {
                Peer.write(their, "x");
                assertThat(throwing.awaitEnd().cause()).isSameAs(failure);
                assertThat(again).isFalse();
            }
        }
    }

    @Test
    void a_listener_that_throws_when_opened_fails_the_future_and_hears_of_the_end() throws Exception {
        IllegalStateException failure = new IllegalStateException("not now");
        RecordingListener throwing = new RecordingListener() {
            @Override
            public void opened(Link opened) {
                super.opened(opened);
                throw failure;
            }
        };
        try (Peer peer = peer()) {
            assertThat(failureOf(opening(peer.address(), throwing)))
                    .hasCause(failure)
                    .returns(Reason.IO, refused -> refused.reason());
            assertThat(throwing.awaitEnd().cause()).isSameAs(failure);
        }
    }

    @Test
    void a_listener_that_throws_at_the_end_harms_no_other_link() throws Exception {
        RecordingListener throwing = new RecordingListener() {
            @Override
            public void closed(Throwable cause) {
                super.closed(cause);
                throw new IllegalStateException("not even that");
            }
        };
        try (Peer peer = peer()) {
            open(peer.address(), throwing);
            SocketChannel first = peer.accept();
            open(peer.address(), listener);
            try (SocketChannel second = peer.accept()) {
                first.close();
                throwing.awaitEnd();
                Peer.write(second, "still here");
                assertThat(listener.awaitCount(10)).hasSize(10);
            }
        }
    }

    @Test
    void a_link_refuses_to_be_used_off_its_loop() throws Exception {
        try (Peer peer = peer()) {
            Link link = open(peer.address(), listener);
            assertThatIllegalStateException().isThrownBy(() -> link.send(new byte[1]));
            assertThatIllegalStateException().isThrownBy(link::close);
            assertThatIllegalStateException().isThrownBy(link::peer);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
