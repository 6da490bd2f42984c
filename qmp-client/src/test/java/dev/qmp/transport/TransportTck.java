package dev.qmp.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.qmp.error.ConnectFailedException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * What every transport promises, whatever it runs over: a transport's test extends this and says how it is opened
 * ({@link #options}) and what is at the other end ({@link #peer}, {@link #nobody}).
 */
abstract class TransportTck extends TransportContract {

    private static final int BIG = 32 * 1024 * 1024;

    final RecordingListener listener = new RecordingListener();

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
            try (PeerEnd their = peer.accept()) {
                their.write("greeting");
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
            try (PeerEnd their = peer.accept()) {
                StringBuilder all = new StringBuilder();
                for (int i = 0; i < 1_000; i++) {
                    String line = i + "\n";
                    all.append(line);
                    link.loop().execute(() -> link.send(line.getBytes(StandardCharsets.UTF_8)));
                }
                byte[] arrived = their.read(all.length());
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
            try (PeerEnd their = peer.accept()) {
                send(link, document);
                byte[] arrived = their.read(BIG);
                assertThat(arrived).isEqualTo(document);
                their.write(arrived);
                assertThat(listener.awaitCount(BIG)).isEqualTo(document);
            }
        }
    }

    @Test
    void where_nobody_listens_there_is_no_link_and_the_failure_says_so() throws Exception {
        assertThat(failureOf(nobody()).reason()).isEqualTo(Reason.NOBODY_LISTENING);
    }

    @Test
    void a_peer_that_does_not_read_holds_up_neither_the_loop_nor_the_next_link() throws Exception {
        byte[] document = new byte[BIG];
        new Random(2).nextBytes(document);
        RecordingListener other = new RecordingListener();
        try (Peer peer = peer()) {
            Link link = open(peer.address(), listener);
            try (PeerEnd their = peer.accept()) {
                send(link, document); // returns, with most of it still here
                Link next = open(peer.address(), other);
                try (PeerEnd theirNext = peer.accept()) {
                    theirNext.write("served");
                    assertThat(other.awaitCount(6)).hasSize(6);
                    send(next, "as well".getBytes(StandardCharsets.UTF_8));
                    assertThat(theirNext.read(7)).hasSize(7);
                }
                assertThat(their.read(BIG)).isEqualTo(document);
            }
        }
    }

    @Test
    void a_listener_that_is_slow_holds_up_its_peer_and_nothing_piles_up_in_between() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch ready = new CountDownLatch(1);
        RecordingListener slow = new RecordingListener() {
            @Override
            public void received(byte[] array, int offset, int length) {
                super.received(array, offset, length);
                busy.countDown();
                TransportTck.await(ready);
            }
        };
        byte[] chunk = new byte[64 * 1024];
        int chunks = BIG / chunk.length;
        AtomicInteger written = new AtomicInteger();
        try (Peer peer = peer()) {
            open(peer.address(), slow);
            try (PeerEnd their = peer.accept()) {
                CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
                    try {
                        for (int i = 0; i < chunks; i++) {
                            their.write(chunk);
                            written.incrementAndGet();
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
                await(busy);
                // It cannot get to its end while the listener is busy: that would take a buffer of all of it in
                // between.
                assertThatExceptionOfType(TimeoutException.class)
                        .isThrownBy(() -> writing.get(300, TimeUnit.MILLISECONDS));
                assertThat(written.get()).isLessThan(chunks / 2);
                assertThat(LinkBuffers.ALLOCATOR.metric().usedDirectMemory()).isLessThan(1024 * 1024);
                ready.countDown();
                writing.get(RecordingListener.PATIENCE_SECONDS, TimeUnit.SECONDS);
                assertThat(slow.awaitCount(BIG)).hasSize(BIG);
            }
        } finally {
            ready.countDown();
        }
    }

    /** So many connections, one after the other: fewer where each needs a handshake, or a process of its own. */
    int reconnects() {
        return 1_000;
    }

    @Test
    void reconnects_leave_no_descriptor_and_no_thread() throws Exception {
        try (Peer peer = peer()) {
            reconnect(peer, Math.min(reconnects(), 10));
            Transports.shutdown();
            long before = descriptors();
            reconnect(peer, reconnects());
            Transports.shutdown();
            assertThat(descriptors()).isLessThanOrEqualTo(before); // less: what a garbage collection closes
            assertThat(threads()).isEmpty();
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
            try (PeerEnd their = peer.accept()) {
                their.endOutput();
                assertThat(listener.awaitEnd().cause()).isNull();
                assertThat(their.read(new byte[1], 0, 1)).isEqualTo(-1);
            }
        }
    }

    @Test
    void the_peers_reset_ends_the_link_with_what_the_kernel_said() throws Exception {
        try (Peer peer = peer()) {
            Link link = open(peer.address(), listener);
            PeerEnd their = peer.accept();
            send(link, new byte[] {'x'});
            their.close(); // with a byte unread: a reset, on UNIX sockets too
            assertThat(listener.awaitEnd().cause()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void what_the_peer_said_before_it_went_is_received_though_a_write_fails() throws Exception {
        try (Peer peer = peer()) {
            saysLastWordsAndGoes(peer);
            assertThat(listener.awaitEnd().cause()).isInstanceOf(IOException.class);
            assertThat(listener.text()).isEqualTo("last words");
        }
    }

    /** The loop sees nothing of what happens while it is held, and then writes first. */
    final void saysLastWordsAndGoes(Peer peer) throws Exception {
        Link link = open(peer.address(), listener);
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        link.loop().execute(() -> {
            held.countDown();
            await(gone);
            link.send("too late".getBytes(StandardCharsets.UTF_8));
        });
        await(held);
        try (PeerEnd their = peer.accept()) {
            their.write("last words");
        }
        gone.countDown();
    }

    @Test
    void our_close_hands_over_what_was_sent_before() throws Exception {
        byte[] much = new byte[BIG];
        try (Peer peer = peer()) {
            Link link = open(peer.address(), listener);
            try (PeerEnd their = peer.accept()) {
                onLoop(link, () -> {
                    link.send(much);
                    link.close();
                    return true;
                });
                assertThat(their.read(BIG)).hasSize(BIG);
                assertThat(listener.awaitEnd().cause()).isNull();
            }
        }
    }

    @Test
    void our_close_does_not_wait_for_ever_for_a_peer_that_does_not_read() throws Exception {
        try (Peer peer = peer()) {
            Link link = open(peer.address(), listener);
            try (PeerEnd their = peer.accept()) {
                onLoop(link, () -> {
                    link.send(new byte[BIG]);
                    link.close();
                    link.close();
                    return true;
                });
                assertThat(listener.awaitEnd().cause()).isNull();
                assertThat(their.read(1)).hasSize(1); // it was we who closed
            }
        }
    }

    @Test
    void a_peer_that_goes_during_a_long_write_ends_the_link() throws Exception {
        try (Peer peer = peer()) {
            Link link = open(peer.address(), listener);
            PeerEnd their = peer.accept();
            send(link, new byte[BIG]);
            their.read(1_000);
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
            try (PeerEnd their = peer.accept()) {
                their.write("x");
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
            PeerEnd first = peer.accept();
            open(peer.address(), listener);
            try (PeerEnd second = peer.accept()) {
                first.close();
                throwing.awaitEnd();
                second.write("still here");
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
