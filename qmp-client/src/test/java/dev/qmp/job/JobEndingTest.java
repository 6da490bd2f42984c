package dev.qmp.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.Await;
import dev.qmp.error.CommandNotSentException;
import dev.qmp.error.ConnectionLostException;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.error.OutcomeUnknownException.Reason;
import dev.qmp.qapi.JobType;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class JobEndingTest extends JobTestBase {

    private final ConnectionLostException lost = new ConnectionLostException("QEMU closed the connection", null);

    // ---- kept jobs: the query tells

    @Test
    void a_success_is_told_after_the_query_and_the_dismissal() {
        Job job = running();
        qemu.hold("job-dismiss");
        qemu.jobs(job("concluded", 100, 100));

        succeed();
        assertThat(job.done()).as("the id is not free yet").isNotDone();
        qemu.release("job-dismiss").answer("{}");

        JobInfo last = job.done().join();
        assertThat(last.status()).isEqualTo(JobStatus.CONCLUDED);
        assertThat(last.error()).isNull();
        assertThat(job.outcome()).contains(JobOutcome.COMPLETED);
        assertThat(qemu.subscribers()).isZero();
    }

    @Test
    void the_last_status_is_concluded_though_the_dismissal_makes_it_null() {
        Job job = running();
        qemu.jobs(job("concluded", 100, 100));
        qemu.during("job-dismiss", () -> qemu.status("j", "null"));

        succeed();

        assertThat(job.done().join().status()).isEqualTo(JobStatus.CONCLUDED);
        assertThat(job.status()).isEqualTo(JobStatus.CONCLUDED);
    }

    @Test
    void an_error_is_qemus_own_text() {
        Job job = running();
        qemu.jobs(failed("No space left on device"));

        qemu.status("j", "aborting");
        qemu.emit("BLOCK_JOB_COMPLETED", progress(", 'error': 'No space left on device'"));
        qemu.status("j", "concluded");

        assertThat(failure(job.done()).error()).isEqualTo("No space left on device");
        assertThat(failure(job.done()).cancelled()).isFalse();
        assertThat(failure(job.done())).hasMessage("job j (stream) failed: No space left on device");
        assertThat(job.outcome()).isEmpty();
        assertThat(job.info().offset()).isEqualTo(8);
        assertThat(qemu.commands()).containsExactly("job-dismiss {'id':'j'}");
    }

    @Test
    void a_cancelled_job_says_so() {
        Job job = running();
        qemu.jobs(failed("Operation canceled"));

        qemu.status("j", "aborting");
        qemu.emit("BLOCK_JOB_CANCELLED", progress(""));
        qemu.status("j", "concluded");

        assertThat(failure(job.done()).cancelled()).isTrue();
    }

    @Test
    void a_cancelled_job_that_is_no_block_job_is_known_by_its_error() {
        Job job = running();
        qemu.jobs(failed("Operation canceled"));

        qemu.status("j", "aborting", "concluded");

        assertThat(failure(job.done()).cancelled()).isTrue();
    }

    @Test
    void an_io_error_that_reads_like_a_cancel_is_none() {
        Job job = running();
        qemu.jobs(failed("Operation canceled"));

        qemu.status("j", "aborting");
        qemu.emit("BLOCK_JOB_COMPLETED", progress(", 'error': 'Operation canceled'"));
        qemu.status("j", "concluded");

        assertThat(failure(job.done()).cancelled()).isFalse();
    }

    @Test
    void sixteen_errors_of_one_full_disk_are_one_failure() {
        Job job = running();
        for (int i = 0; i < 16; i++) {
            qemu.emit("BLOCK_JOB_ERROR", "{'device': 'j', 'operation': 'write', 'action': 'report'}");
        }
        assertThat(job.done()).as("an error is not the end").isNotDone();
        assertThat(qemu.sent()).as("nobody listens to progress").isEmpty();
    }

    @Test
    void a_dismissal_that_fails_does_not_change_the_ending() {
        Job job = running();
        qemu.jobs(job("concluded", 100, 100));
        qemu.refuse("job-dismiss", "Job not found");

        succeed();

        assertThat(job.done()).isCompleted();
    }

    @Test
    void a_concluded_event_that_the_query_denies_is_not_the_end() {
        Job job = running();

        qemu.status("j", "concluded");

        assertThat(job.done()).isNotDone();
        assertThat(qemu.commands()).isEmpty();
    }

    @Test
    void a_query_that_fails_is_asked_again_later() {
        Job job = running();
        qemu.fail("query-jobs", new OutcomeUnknownException("query-jobs", Reason.DEADLINE_PASSED, "30 s passed", null));
        succeed();
        assertThat(job.done()).isNotDone();

        qemu.accept("query-jobs");
        qemu.jobs(job("concluded", 100, 100));
        time.advance(JobWatch.GRACE);

        assertThat(job.done()).isCompleted();
    }

    // ---- jobs that are gone when we look: the events tell

    @Test
    void a_vanished_job_that_completed_is_a_success_with_the_events_numbers() {
        Job job = running();
        qemu.jobs();

        succeed();
        qemu.status("j", "null");

        assertThat(job.done().join())
                .isEqualTo(new JobInfo(ID, JobType.STREAM, JobStatus.CONCLUDED, 100, 100, 0, false, false, null, null));
        assertThat(qemu.commands()).as("there is nothing to dismiss").isEmpty();
    }

    @Test
    void a_vanished_job_that_completed_with_an_error_has_failed() {
        Job job = running();
        qemu.jobs();

        qemu.status("j", "aborting");
        qemu.emit("BLOCK_JOB_COMPLETED", progress(", 'error': 'Input/output error'"));
        qemu.status("j", "concluded", "null");

        assertThat(failure(job.done()).error()).isEqualTo("Input/output error");
    }

    @Test
    void a_vanished_job_that_was_cancelled_was_cancelled() {
        Job job = running();
        qemu.jobs();

        qemu.status("j", "aborting");
        qemu.emit("BLOCK_JOB_CANCELLED", progress(""));
        qemu.status("j", "concluded", "null");

        assertThat(failure(job.done()).cancelled()).isTrue();
    }

    @Test
    void a_vanished_job_that_is_no_block_job_has_failed_if_it_aborted_and_else_succeeded() {
        Job bad = running();
        qemu.jobs();
        qemu.status("j", "aborting", "concluded", "null");
        assertThat(failure(bad.done()).error()).contains("its error text went with it");

        Job good = running();
        qemu.jobs();
        qemu.status("j", "waiting", "pending", "concluded", "null");
        assertThat(good.done()).isCompleted();
    }

    @Test
    void a_vanished_job_whose_end_nobody_heard_is_unknown_once_its_events_had_time_to_come() {
        Job job = running();
        qemu.jobs();
        job.onProgress(info -> {});
        assertThat(job.done()).as("events may be on their way").isNotDone();

        time.advance(JobWatch.GRACE);

        assertThat(unknown(job.done()).reason()).isEqualTo(Reason.VANISHED);
        assertThat(unknown(job.done())).hasMessageContaining("job j").hasMessageContaining("block graph");
    }

    @Test
    void events_that_come_after_the_reply_that_misses_the_job_still_tell_its_end() {
        Job job = running();
        qemu.jobs();
        job.onProgress(info -> {});

        succeed();

        assertThat(job.done()).isCompleted();
    }

    @Test
    void another_job_that_uses_the_id_again_does_not_hide_the_end_of_this_one() {
        Job job = running();
        qemu.hold("query-jobs");
        succeed();
        qemu.status("j", "null", "created", "running");

        assertThat(job.done()).isCompleted();
        qemu.release("query-jobs").answer("[" + job("running", 0, 100) + "]");
        assertThat(qemu.commands()).isEmpty();
    }

    // ---- the session ends first

    @Test
    void a_lost_connection_leaves_the_outcome_unknown_and_says_how_to_come_back() {
        Job job = running();

        qemu.endSession(lost);

        OutcomeUnknownException unknown = unknown(job.done());
        assertThat(unknown.reason()).isEqualTo(Reason.CONNECTION_LOST);
        assertThat(unknown).hasCause(lost).hasMessageContaining("adopt it by its id");
        assertThat(unknown(job.ready())).isSameAs(unknown);
    }

    @Test
    void so_does_a_session_that_we_close() {
        Job job = running();

        qemu.endSession(null);

        assertThat(unknown(job.done())).hasMessageContaining("the session was closed");
    }

    @Test
    void a_verb_that_cannot_reach_a_job_that_may_live_does_not_seem_to_have_had_an_effect() {
        Job job = running();
        qemu.endSession(lost);

        assertThat(Await.failure(job.complete(), CommandNotSentException.class))
                .hasMessageContaining("job-complete was not sent");
        Await.failure(job.cancel(), CommandNotSentException.class);
        Await.failure(job.finalizeJob(), CommandNotSentException.class);
    }

    @Test
    void a_connection_lost_while_the_start_is_answered_is_not_forgotten() {
        qemu.during("block-stream", () -> qemu.endSession(lost));

        Job job = jobs.start(STREAM).join();

        assertThat(unknown(job.done()).reason()).isEqualTo(Reason.CONNECTION_LOST);
    }

    @Test
    void a_connection_lost_after_the_end_was_heard_changes_nothing() {
        Job job = running();
        qemu.hold("query-jobs");
        succeed();

        qemu.endSession(lost);

        assertThat(job.done()).isCompleted();
    }

    @Test
    void quit_cancels_a_job_and_tells_before_it_goes() {
        Job job = running();
        qemu.hold("query-jobs");
        qemu.emit("SHUTDOWN", "{'guest': false, 'reason': 'host-qmp-quit'}");
        qemu.status("j", "paused", "running", "aborting");
        qemu.emit("BLOCK_JOB_CANCELLED", progress(""));
        qemu.status("j", "concluded", "null");

        qemu.endSession(null);

        assertThat(failure(job.done()).cancelled()).isTrue();
    }

    @Test
    void a_connection_lost_during_the_dismissal_does_not_take_the_ending_away() {
        Job job = running();
        qemu.hold("job-dismiss");
        qemu.jobs(failed("Input/output error"));
        qemu.status("j", "concluded");

        qemu.endSession(lost);
        qemu.release("job-dismiss").fail(lost);

        assertThat(failure(job.done()).error()).isEqualTo("Input/output error");
    }

    @Test
    void a_caller_can_neither_cancel_nor_complete_the_futures_of_others() {
        Job job = running();

        job.done().cancel(true);
        job.done().complete(job.info());

        assertThat(job.done()).isNotDone();
    }

    @Test
    void a_callback_sees_the_failure_itself_and_no_wrapper() {
        Job job = running();
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        job.done().whenComplete((info, failure) -> seen.complete(failure));
        qemu.jobs(failed("Input/output error"));

        qemu.status("j", "concluded");

        assertThat(seen.join()).isInstanceOf(dev.qmp.error.JobFailedException.class);
    }

    @Test
    void where_qemu_refuses_the_query_the_events_decide() {
        Job job = running();
        qemu.refuse("query-jobs", "no");

        succeed();

        assertThat(job.done()).isCompleted();
    }
}
