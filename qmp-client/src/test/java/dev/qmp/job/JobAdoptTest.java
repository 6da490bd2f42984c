package dev.qmp.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.error.CommandFailedException;
import dev.qmp.error.CommandNotSentException;
import dev.qmp.qapi.JobType;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobAdoptTest extends JobTestBase {

    @ParameterizedTest
    @ValueSource(strings = {"created", "running", "paused", "waiting", "pending", "a-status-of-qemu-12"})
    void a_job_is_adopted_in_any_state_and_watched_to_its_end(String status) {
        qemu.jobs(job(status, 1, 100));

        Job job = jobs.adopt(ID).join();
        assertThat(job.status()).isEqualTo(JobStatus.of(new dev.qmp.qapi.JobStatus(status)));
        assertThat(job.type()).isEqualTo(JobType.STREAM);
        assertThat(job.done()).isNotDone();
        qemu.jobs(job("concluded", 100, 100));
        succeed();

        assertThat(job.done()).isCompleted();
        assertThat(qemu.commands()).containsExactly("job-dismiss {'id':'j'}");
    }

    @ParameterizedTest
    @CsvSource({"ready, true, false", "standby, true, false", "pending, false, true", "running, false, false"})
    void milestones_that_lie_behind_are_reached(String status, boolean ready, boolean pending) {
        qemu.jobs(job("mirror", status, 64, 64));
        qemu.blockJobs("{'device': 'j', 'ready': " + ready + "}");

        Job job = jobs.adopt(ID).join();

        assertThat(job.ready().isDone()).isEqualTo(ready);
        assertThat(job.pending().isDone()).isEqualTo(pending);
    }

    @Test
    void a_concluded_job_ends_at_once_and_is_dismissed() {
        qemu.jobs(job("concluded", 100, 100));

        Job job = jobs.adopt(ID).join();

        assertThat(job.done()).isCompletedWithValueMatching(info -> info.offset() == 100);
        assertThat(qemu.commands()).containsExactly("job-dismiss {'id':'j'}");
        assertThat(qemu.subscribers()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"Input/output error, false", "Operation canceled, true"})
    void a_job_that_failed_while_nobody_watched_tells_its_error(String error, boolean cancelled) {
        qemu.jobs(failed(error));

        Job job = jobs.adopt(ID).join();

        assertThat(failure(job.done()).error()).isEqualTo(error);
        assertThat(failure(job.done()).cancelled()).isEqualTo(cancelled);
    }

    @Test
    void a_job_that_is_not_there_is_said_in_qemus_words_and_leaves_no_subscription() {
        CompletableFuture<Job> adopted = jobs.adopt(ID);

        CommandFailedException refusal = cause(adopted, CommandFailedException.class);
        assertThat(refusal.desc()).isEqualTo("Job not found");
        assertThat(refusal.hint().orElseThrow()).contains("no job j").contains("block graph");
        assertThat(qemu.subscribers()).isZero();
    }

    @Test
    void a_query_that_fails_fails_the_adoption() {
        qemu.fail("query-jobs", new CommandNotSentException("query-jobs", "the session has ended", null));

        assertThat(cause(jobs.adopt(ID), CommandNotSentException.class).command())
                .isEqualTo("query-jobs");
        assertThat(qemu.subscribers()).isZero();
    }

    @Test
    void an_aborting_job_that_dismisses_itself_has_failed_though_the_abort_was_not_heard() {
        qemu.jobs(job("aborting", 1, 100));
        Job job = jobs.adopt(ID).join();

        qemu.jobs();
        qemu.status("j", "concluded", "null");

        assertThat(failure(job.done()).error()).contains("aborted");
    }

    @Test
    void a_job_that_dismisses_itself_is_known_by_its_events() {
        qemu.jobs(job("running", 1, 100));
        Job job = jobs.adopt(ID).join();

        qemu.jobs();
        succeed();
        qemu.status("j", "null");

        assertThat(job.done()).isCompleted();
        assertThat(qemu.commands()).isEmpty();
    }

    @Test
    void an_adoption_that_its_caller_has_cancelled_dismisses_nothing() {
        qemu.hold("query-jobs");
        CompletableFuture<Job> adopted = jobs.adopt(ID);
        adopted.cancel(false);

        qemu.release("query-jobs").answer("[" + job("concluded", 100, 100) + "]");

        assertThat(qemu.commands()).isEmpty();
        assertThat(qemu.subscribers()).isZero();
    }

    @Test
    void two_who_watch_one_job_both_hear_its_end_though_only_one_can_dismiss_it() {
        qemu.jobs(job("running", 1, 100));
        Job first = jobs.adopt(ID).join();
        Job second = jobs.adopt(ID).join();
        qemu.jobs(failed("Input/output error"));
        qemu.during("job-dismiss", () -> {
            qemu.jobs();
            qemu.refuse("job-dismiss", "Job not found");
        });

        qemu.status("j", "aborting");
        qemu.emit("BLOCK_JOB_COMPLETED", progress(", 'error': 'Input/output error'"));
        qemu.status("j", "concluded");

        assertThat(failure(first.done()).error()).isEqualTo("Input/output error");
        assertThat(failure(second.done()).error()).isEqualTo("Input/output error");
    }
}
