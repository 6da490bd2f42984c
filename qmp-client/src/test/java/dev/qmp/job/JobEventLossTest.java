package dev.qmp.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.error.OutcomeUnknownException.Reason;
import org.junit.jupiter.api.Test;

class JobEventLossTest extends JobTestBase {

    @Test
    void a_lost_end_is_found_at_the_next_event_of_whatever_kind() {
        Job job = running();
        qemu.jobs(failed("Input/output error"));
        qemu.drop(1);

        qemu.emit("RTC_CHANGE", "{'offset': 0}");

        assertThat(failure(job.done()).error()).isEqualTo("Input/output error");
    }

    @Test
    void a_loss_without_consequence_costs_one_look() {
        Job job = running();
        qemu.drop(5);

        qemu.emit("RTC_CHANGE", "{'offset': 0}");
        qemu.emit("RTC_CHANGE", "{'offset': 0}");

        assertThat(qemu.sentOf("query-jobs")).isEqualTo(1);
        assertThat(job.done()).isNotDone();
    }

    @Test
    void a_lost_ready_is_found() {
        qemu.jobs(job("mirror", "running", 0, 64));
        Job job = jobs.adopt(ID).join();
        qemu.jobs(job("mirror", "ready", 64, 64));
        qemu.blockJobs("{'device': 'j', 'ready': true}");
        qemu.drop(1);

        qemu.emit("RTC_CHANGE", "{'offset': 0}");

        assertThat(job.ready()).isCompleted();
    }

    @Test
    void silence_about_an_abort_proves_nothing_when_events_were_lost() {
        Job job = running();
        qemu.drop(1);
        qemu.jobs();

        qemu.status("j", "concluded", "null");

        assertThat(unknown(job.done()).reason()).isEqualTo(Reason.VANISHED);
    }

    @Test
    void what_was_heard_counts_though_events_were_lost() {
        Job job = running();
        qemu.drop(1);
        qemu.jobs();

        qemu.emit("BLOCK_JOB_COMPLETED", progress(""));

        assertThat(job.done()).isCompleted();
    }

    @Test
    void a_job_whose_end_was_lost_altogether_is_unknown_after_the_grace() {
        Job job = running();
        qemu.drop(7);
        qemu.jobs();
        qemu.emit("RTC_CHANGE", "{'offset': 0}");
        assertThat(job.done()).isNotDone();

        time.advance(JobWatch.GRACE);

        assertThat(unknown(job.done()).reason()).isEqualTo(Reason.VANISHED);
    }

    @Test
    void a_subscription_that_the_overflow_policy_ended_is_opened_again_and_the_job_looked_at() {
        Job job = running();
        qemu.overflow();
        assertThat(qemu.subscribers()).isEqualTo(1);
        assertThat(qemu.sentOf("query-jobs")).isEqualTo(1);
        assertThat(job.done()).isNotDone();

        qemu.jobs(job("concluded", 100, 100));
        succeed();

        assertThat(job.done()).isCompleted();
    }

    @Test
    void an_event_during_a_query_makes_one_more_query_because_the_answer_may_be_older() {
        Job job = running();
        qemu.hold("query-jobs");
        job.onProgress(info -> {});
        qemu.status("j", "waiting");
        qemu.status("j", "pending");
        assertThat(qemu.sentOf("query-jobs")).as("one at a time").isEqualTo(1);

        qemu.release("query-jobs").answer("[" + job("running", 1, 100) + "]");

        assertThat(qemu.sentOf("query-jobs")).isEqualTo(2);
        qemu.release("query-jobs").answer("[" + job("pending", 1, 100) + "]");
        assertThat(job.status()).isEqualTo(JobStatus.PENDING);
        assertThat(qemu.sentOf("query-jobs")).isEqualTo(2);
    }
}
