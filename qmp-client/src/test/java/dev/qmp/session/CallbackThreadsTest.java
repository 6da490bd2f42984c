package dev.qmp.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qmp.fixtures.Eventually;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CallbackThreadsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int USUAL = 2;
    private static final int MOST = 20;

    private final ManualTimers timers = new ManualTimers();
    private final CallbackThreads threads = new CallbackThreads("test", USUAL, MOST, timers);
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger blocked = new AtomicInteger();

    @AfterEach
    void end() {
        release.countDown();
        threads.close(PATIENCE);
    }

    private void block(int callbacks) {
        for (int i = 0; i < callbacks; i++) {
            threads.execute(() -> {
                blocked.incrementAndGet();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
    }

    private void awaitBlocked(int callbacks) {
        Eventually.holds(PATIENCE, () -> callbacks + " blocked, but " + blocked, () -> blocked.get() == callbacks);
    }

    @Test
    void ten_thousand_callbacks_that_do_not_block_need_no_more_than_the_usual_threads() throws Exception {
        CountDownLatch done = new CountDownLatch(10_000);
        for (int i = 0; i < 10_000; i++) {
            threads.execute(done::countDown);
        }
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(threads.threads()).isLessThanOrEqualTo(USUAL);
    }

    @Test
    void callbacks_that_block_do_not_stop_the_others_for_ever() {
        block(10);
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {}, threads);
        awaitBlocked(USUAL);
        assertThat(other).isNotDone();

        Eventually.holds(PATIENCE, () -> "the other, behind " + blocked + " that block", () -> {
            timers.advance(CallbackThreads.STALL);
            return other.isDone();
        });
        assertThat(blocked).hasValue(10);
        assertThat(threads.threads()).isLessThanOrEqualTo(MOST);
    }

    @Test
    void a_queue_that_moves_gets_no_more_threads() {
        block(USUAL - 1);
        awaitBlocked(USUAL - 1);
        CompletableFuture<Void> hold = new CompletableFuture<>();
        CompletableFuture<Void> first = CompletableFuture.runAsync(hold::join, threads);
        CompletableFuture<Void> second = CompletableFuture.runAsync(() -> {}, threads);
        hold.complete(null);
        first.join();
        second.join();
        timers.advance(CallbackThreads.STALL.multipliedBy(3));
        assertThat(threads.threads()).isLessThanOrEqualTo(USUAL);
        assertThat(timers.delays()).as("nobody looks at an empty queue").isEmpty();
    }

    @Test
    void threads_have_an_upper_bound_and_the_rest_wait_for_a_return() {
        block(MOST + 5);
        awaitBlocked(USUAL);
        Eventually.holds(PATIENCE, () -> "all threads taken, but " + blocked, () -> {
            timers.advance(CallbackThreads.STALL);
            return blocked.get() == MOST;
        });
        timers.advance(CallbackThreads.STALL.multipliedBy(10));
        assertThat(threads.threads()).isEqualTo(MOST);
        assertThat(blocked).hasValue(MOST);

        release.countDown();
        awaitBlocked(MOST + 5);
    }

    @Test
    void a_close_runs_what_waits_and_interrupts_who_stays() {
        block(USUAL);
        awaitBlocked(USUAL);
        threads.close(Duration.ofMillis(1));
        Eventually.holds(PATIENCE, () -> "no thread, but " + threads.threads(), () -> threads.threads() == 0);
        assertThatThrownBy(() -> threads.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void a_callback_may_close_its_own_threads() throws Exception {
        CompletableFuture.runAsync(() -> threads.close(Duration.ofDays(1)), threads)
                .get(10, TimeUnit.SECONDS);
        Eventually.holds(PATIENCE, () -> "no thread, but " + threads.threads(), () -> threads.threads() == 0);
    }

    @Test
    void there_is_at_least_one_thread() {
        assertThatIllegalArgumentException().isThrownBy(() -> new CallbackThreads("none", 0, timers));
    }
}
