package dev.qmp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The thread behind the links: there while one needs it, gone soon after, and nothing piles up. */
abstract class LoopContract extends TransportContract {

    abstract String threadName();

    int reconnects() {
        return 2_000;
    }

    @Test
    void thousands_of_reconnects_leave_no_descriptor_and_use_one_thread() throws Exception {
        try (Peer peer = peer()) {
            reconnect(peer, 50);
            Transports.shutdown();
            long before = descriptors();
            Thread loop = reconnect(peer, 1);
            assertThat(reconnect(peer, reconnects())).isSameAs(loop);
            Transports.shutdown();
            assertThat(descriptors()).isLessThanOrEqualTo(before); // less: what a garbage collection closes
            assertThat(threads()).isEmpty();
        }
    }

    @Test
    void a_thousand_failed_connects_leave_no_descriptor() throws Exception {
        QmpAddress left = nobody();
        failToConnect(left, 50);
        Transports.shutdown();
        long before = descriptors();
        failToConnect(left, 1_000);
        Transports.shutdown();
        assertThat(descriptors()).isLessThanOrEqualTo(before); // less: what a garbage collection closes
    }

    @Test
    void the_thread_ends_by_itself_after_the_last_link() throws Exception {
        try (Peer peer = peer()) {
            Thread loop = reconnect(peer, 1);
            assertThat(loop.getName()).isEqualTo(threadName());
            assertThat(loop.isDaemon()).isTrue();
            loop.join(10_000);
            assertThat(loop.isAlive()).isFalse();
        }
    }

    @Test
    void shutdown_spares_the_thread_of_an_open_link() throws Exception {
        RecordingListener listener = new RecordingListener();
        try (Peer peer = peer()) {
            open(peer.address(), listener);
            try (PeerEnd their = peer.accept()) {
                Transports.shutdown();
                their.write("alive");
                assertThat(listener.awaitCount(5)).hasSize(5);
            }
        }
    }

    @Test
    void links_can_be_opened_while_others_shut_down() throws Exception {
        try (Peer peer = peer()) {
            CountDownLatch stop = new CountDownLatch(1);
            CompletableFuture<Void> shuttingDown = CompletableFuture.runAsync(() -> {
                while (stop.getCount() > 0) {
                    Transports.shutdown();
                }
            });
            try {
                reconnect(peer, 500);
            } finally {
                stop.countDown();
                shuttingDown.get(10, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void shutdown_on_the_loop_itself_does_not_wait_for_itself() throws Exception {
        try (Peer peer = peer()) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            RecordingListener listener = new RecordingListener() {
                @Override
                public void closed(Throwable cause) {
                    super.closed(cause);
                    Transports.shutdown();
                    done.complete(null);
                }
            };
            open(peer.address(), listener);
            peer.accept().close();
            done.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void a_loop_whose_thread_has_gone_still_runs_what_it_is_given_one_at_a_time_and_in_order() throws Exception {
        try (Peer peer = peer()) {
            RecordingListener listener = new RecordingListener();
            Link link = open(peer.address(), listener);
            peer.accept().close();
            listener.awaitEnd();
            Transports.shutdown();
            assertThat(threads()).isEmpty();

            List<String> ran = new ArrayList<>();
            link.loop().execute(() -> {
                link.loop().execute(() -> ran.add("second"));
                ran.add("first, in loop: " + link.loop().inLoop());
            });
            assertThat(ran).containsExactly("first, in loop: true", "second");
            assertThat(link.loop().inLoop()).isFalse();
            link.loop().schedule(() -> ran.add("never"), Duration.ZERO).cancel();
        }
    }

    @Test
    void a_timer_runs_on_the_loop_and_can_be_taken_back() throws Exception {
        try (Peer peer = peer()) {
            Link link = open(peer.address(), new RecordingListener());
            CompletableFuture<Boolean> fired = new CompletableFuture<>();
            List<String> ran = new ArrayList<>();
            onLoop(link, () -> {
                link.loop()
                        .schedule(() -> ran.add("taken back"), Duration.ofMillis(1))
                        .cancel();
                return link.loop().schedule(() -> fired.complete(link.loop().inLoop()), Duration.ofMillis(2));
            });
            assertThat(fired.get(10, TimeUnit.SECONDS)).isTrue();
            assertThat(ran).isEmpty();
        }
    }

    private void failToConnect(QmpAddress left, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            failureOf(Transports.open(left, options(), new RecordingListener()));
        }
    }
}
