package dev.qmp.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.qapi.BlockDeviceIoStatus;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobProgressTest extends JobTestBase {

    private final List<JobInfo> seen = new ArrayList<>();

    @Test
    void nobody_asks_while_nobody_listens() {
        running();

        qemu.status("j", "paused", "running", "paused", "running");

        assertThat(qemu.sent()).isEmpty();
        assertThat(time.asked()).isEmpty();
    }

    @Test
    void a_listener_hears_the_values_now_and_whenever_they_have_changed() {
        Job job = running();
        qemu.jobs(job("running", 1, 100));
        job.onProgress(seen::add);
        time.next();
        qemu.jobs(job("running", 2, 200));
        time.next();

        assertThat(seen).extracting(JobInfo::offset).containsExactly(1L, 2L);
        assertThat(seen).extracting(JobInfo::length).containsExactly(100L, 200L);
    }

    @Test
    void questions_become_rarer_from_a_quarter_of_a_second_to_two() {
        Job job = running();
        job.onProgress(seen::add);
        for (int i = 0; i < 8; i++) {
            time.next();
        }

        assertThat(time.asked().subList(0, 3))
                .containsExactly(Duration.ofMillis(250), Duration.ofMillis(375), Duration.ofNanos(562_500_000));
        assertThat(time.asked()).last().isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void the_questions_end_with_the_last_listener() {
        Job job = running();
        ProgressSubscription subscription = job.onProgress(seen::add);
        seen.clear();
        qemu.commands();

        subscription.close();
        subscription.close();
        qemu.jobs(job("running", 50, 100));
        time.next();

        assertThat(seen).isEmpty();
        assertThat(qemu.sent()).isEmpty();
        assertThat(time.asked()).hasSize(1);
    }

    @Test
    void a_listener_hears_the_last_values_and_then_no_more() {
        Job job = running();
        job.onProgress(seen::add);
        qemu.jobs(job("concluded", 100, 100));
        succeed();

        assertThat(seen).last().isEqualTo(job.done().join());
        qemu.commands();
        time.next();
        assertThat(qemu.sent()).isEmpty();
    }

    @Test
    void one_who_listens_too_late_hears_the_last_values() {
        Job job = running();
        qemu.jobs(job("concluded", 100, 100));
        succeed();

        job.onProgress(seen::add);

        assertThat(seen).containsExactly(job.info());
    }

    @Test
    void a_job_stopped_by_an_io_error_is_told_at_once_and_has_not_ended() {
        Job job = running();
        job.onProgress(seen::add);
        qemu.jobs(job("paused", 8, 100));
        qemu.blockJobs("{'device': 'j', 'paused': true, 'io-status': 'nospace', 'speed': 4096}");

        qemu.emit("BLOCK_JOB_ERROR", "{'device': 'j', 'operation': 'write', 'action': 'stop'}");
        qemu.status("j", "paused");

        JobInfo stopped = seen.get(seen.size() - 1);
        assertThat(stopped.ioStatus()).isEqualTo(BlockDeviceIoStatus.NOSPACE);
        assertThat(stopped.paused()).isTrue();
        assertThat(stopped.speed()).isEqualTo(4096);
        assertThat(job.done()).isNotDone();
        assertThat(job.status()).isEqualTo(JobStatus.PAUSED);
    }

    @Test
    void the_pause_that_follows_an_io_error_is_looked_at_because_the_error_comes_before_it() {
        Job job = running();
        job.onProgress(seen::add);
        qemu.emit("BLOCK_JOB_ERROR", "{'device': 'j', 'operation': 'write', 'action': 'stop'}");
        qemu.jobs(job("paused", 8, 100));
        qemu.blockJobs("{'device': 'j', 'paused': true, 'io-status': 'failed'}");

        qemu.status("j", "paused");

        assertThat(seen).last().extracting(JobInfo::ioStatus).isEqualTo(BlockDeviceIoStatus.FAILED);
    }

    @Test
    void pauses_of_a_drain_are_not_told() {
        Job job = running();
        job.onProgress(seen::add);
        qemu.commands();

        qemu.status("j", "paused", "running", "paused", "running");

        assertThat(seen).hasSize(1);
        assertThat(qemu.sent()).isEmpty();
    }

    @Test
    void sixteen_errors_of_one_full_disk_cost_two_questions() {
        Job job = running();
        job.onProgress(seen::add);
        qemu.commands();
        qemu.hold("query-jobs");
        for (int i = 0; i < 16; i++) {
            qemu.emit("BLOCK_JOB_ERROR", "{'device': 'j', 'operation': 'write', 'action': 'stop'}");
        }
        qemu.release("query-jobs").answer("[" + job("running", 1, 100) + "]");
        qemu.release("query-jobs").answer("[" + job("paused", 1, 100) + "]");

        assertThat(qemu.sentOf("query-jobs")).isEqualTo(2);
    }

    @Test
    void a_listener_that_throws_is_not_called_again_and_hurts_nobody() {
        Job job = running();
        List<JobInfo> calls = new ArrayList<>();
        Jobs tolerant = new Jobs(
                qemu,
                task -> {
                    try {
                        task.run();
                    } catch (IllegalStateException e) {
                        assertThat(e).hasMessage("the listener's own");
                    }
                },
                time);
        Job watched = tolerant.adopt(ID).join();
        watched.onProgress(info -> {
            calls.add(info);
            throw new IllegalStateException("the listener's own");
        });
        watched.onProgress(seen::add);
        qemu.jobs(job("concluded", 100, 100));

        succeed();

        assertThat(calls).hasSize(1);
        assertThat(seen).hasSize(2);
        assertThat(watched.done()).isCompleted();
        assertThat(job.done()).isCompleted();
    }

    @Test
    void a_slow_listener_skips_to_the_newest_value() {
        ArrayDeque<Runnable> tasks = new ArrayDeque<>();
        Jobs slow = new Jobs(qemu, tasks::add, time);
        qemu.jobs(job("running", 1, 100));
        var adopted = slow.adopt(ID);
        tasks.remove().run();
        adopted.join().onProgress(seen::add);
        qemu.jobs(job("running", 2, 100));
        time.next();
        qemu.jobs(job("running", 3, 100));
        time.next();

        assertThat(seen).as("user code runs on the callback executor alone").isEmpty();
        assertThat(tasks).hasSize(1);
        tasks.remove().run();

        assertThat(seen).extracting(JobInfo::offset).containsExactly(3L);
    }
}
