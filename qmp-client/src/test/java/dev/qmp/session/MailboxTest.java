package dev.qmp.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class MailboxTest {

    private final List<Throwable> defects = new ArrayList<>();
    private final Mailbox mailbox = new Mailbox(defects::add);
    private int count;

    @Test
    void a_task_posted_by_a_task_runs_after_it_and_not_inside() {
        List<String> order = new ArrayList<>();

        mailbox.post(() -> {
            mailbox.post(() -> order.add("second"));
            order.add("first");
        });

        assertThat(order).containsExactly("first", "second");
    }

    @Test
    void a_task_that_throws_is_reported_and_the_next_ones_run() {
        mailbox.post(() -> {
            throw new IllegalStateException("a defect");
        });
        mailbox.post(() -> count++);

        assertThat(defects).hasSize(1);
        assertThat(count).isEqualTo(1);
    }

    @Test
    void tasks_of_many_threads_see_each_others_plain_writes() throws Exception {
        int threads = 4;
        int each = 20_000;
        CountDownLatch go = new CountDownLatch(1);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                all.add(pool.submit(() -> {
                    go.await();
                    for (int i = 0; i < each; i++) {
                        mailbox.post(() -> count++);
                    }
                    return null;
                }));
            }
            go.countDown();
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            pool.shutdown();
        }
        int[] seen = new int[1];
        mailbox.post(() -> seen[0] = count);

        assertThat(seen[0]).isEqualTo(threads * each);
    }
}
