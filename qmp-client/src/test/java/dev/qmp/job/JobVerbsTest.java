package dev.qmp.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.qmp.error.CommandFailedException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class JobVerbsTest extends JobTestBase {

    @Test
    void verbs_are_the_commands_that_every_version_has_and_none_deprecates() {
        Job job = running();

        job.pause();
        job.resume();
        job.setSpeed(1024);
        job.complete();
        job.finalizeJob();
        job.stop();
        job.cancel();
        jobs.dismiss(ID);

        assertThat(qemu.commands())
                .containsExactly(
                        "job-pause {'id':'j'}",
                        "job-resume {'id':'j'}",
                        "block-job-set-speed {'device':'j','speed':1024}",
                        "job-complete {'id':'j'}",
                        "job-finalize {'id':'j'}",
                        "block-job-cancel {'device':'j'}",
                        "job-cancel {'id':'j'}",
                        "job-dismiss {'id':'j'}");
    }

    @Test
    void verbs_by_id_send_the_same() {
        jobs.pause(ID);
        jobs.resume(ID);
        jobs.setSpeed(ID, 0);
        jobs.complete(ID);
        jobs.finalizeJob(ID);
        jobs.stop(ID);
        jobs.cancel(ID);

        assertThat(qemu.commands())
                .containsExactly(
                        "job-pause {'id':'j'}",
                        "job-resume {'id':'j'}",
                        "block-job-set-speed {'device':'j','speed':0}",
                        "job-complete {'id':'j'}",
                        "job-finalize {'id':'j'}",
                        "block-job-cancel {'device':'j'}",
                        "job-cancel {'id':'j'}");
    }

    @Test
    void a_negative_speed_is_a_programmers_mistake() {
        Job job = running();

        assertThatIllegalArgumentException().isThrownBy(() -> job.setSpeed(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> jobs.setSpeed(ID, -1));
        assertThat(qemu.commands()).isEmpty();
    }

    @Test
    void a_verb_by_id_fails_where_there_is_no_such_job() {
        qemu.refuse("job-cancel", "Job not found");

        assertThat(cause(jobs.cancel(ID), CommandFailedException.class).desc()).isEqualTo("Job not found");
    }

    // ---- races with the end

    @Test
    void a_cancel_that_meets_a_job_just_gone_is_no_error() {
        Job job = running();
        qemu.refuse("job-cancel", "Job not found");
        qemu.jobs();

        assertThat(job.cancel()).isCompleted();
    }

    @Test
    void a_cancel_that_meets_a_job_just_concluded_is_no_error() {
        Job job = running();
        qemu.refuse("job-cancel", "Job 'j' in state 'concluded' cannot accept command verb 'cancel'");
        qemu.jobs(job("concluded", 100, 100));

        assertThat(job.cancel()).isCompleted();
    }

    @Test
    void a_cancel_that_is_refused_by_a_living_job_fails() {
        Job job = running();
        qemu.refuse("job-cancel", "Permission denied by somebody's policy");

        assertThat(cause(job.cancel(), CommandFailedException.class).desc()).startsWith("Permission denied");
    }

    @Test
    void a_stop_that_an_io_error_pause_refuses_fails() {
        Job job = readyMirror();
        qemu.refuse("block-job-cancel", "The block job for device 'j' is currently paused");

        assertThat(cause(job.stop(), CommandFailedException.class).desc()).contains("currently paused");
    }

    @Test
    void a_verb_after_the_end_reaches_no_later_job_of_the_same_id() {
        Job job = running();
        qemu.jobs(job("concluded", 100, 100));
        succeed();
        qemu.commands();

        assertThat(job.cancel()).isCompleted();
        assertThat(job.complete()).isCompleted();
        CompletableFuture<Void> paused = job.pause();

        assertThat(cause(paused, CommandFailedException.class).desc()).isEqualTo("Job not found");
        assertThat(qemu.sent()).isEmpty();
    }

    // ---- READY

    @Test
    void a_mirror_is_ready_when_qemu_says_so_and_not_when_all_is_copied() {
        qemu.jobs(job("mirror", "running", 64, 64));
        Job job = jobs.adopt(ID).join();
        assertThat(job.ready()).isNotDone();

        qemu.status("j", "ready");
        qemu.emit("BLOCK_JOB_READY", "{'device': 'j', 'type': 'mirror', 'len': 80, 'offset': 80, 'speed': 0}");

        assertThat(job.ready().join().length()).isEqualTo(80);
        assertThat(job.ready().join().ready()).isTrue();
        assertThat(job.done()).isNotDone();
    }

    @Test
    void ready_may_come_and_go_and_was_reached_all_the_same() {
        Job job = readyMirror();

        qemu.status("j", "paused", "running", "ready");

        assertThat(job.ready()).isCompleted();
        assertThat(job.status()).isEqualTo(JobStatus.READY);
        assertThat(job.done()).isNotDone();
    }

    @Test
    void a_completed_mirror_has_completed() {
        Job job = readyMirror();

        assertThat(job.complete()).isCompleted();
        endOfReady();

        assertThat(job.done()).isCompleted();
        assertThat(job.outcome()).contains(JobOutcome.COMPLETED);
    }

    @Test
    void a_stopped_mirror_ends_with_the_same_events_and_is_known_by_our_intent() {
        Job job = readyMirror();

        assertThat(job.stop()).isCompleted();
        endOfReady();

        assertThat(job.done()).isCompleted();
        assertThat(job.outcome()).contains(JobOutcome.STOPPED);
    }

    @Test
    void a_stop_that_was_refused_is_no_intent() {
        Job job = readyMirror();
        qemu.refuse("block-job-cancel", "The block job for device 'j' is currently paused");
        job.stop();

        job.complete();
        endOfReady();

        assertThat(job.outcome()).contains(JobOutcome.COMPLETED);
    }

    @Test
    void the_first_verb_that_was_accepted_decides() {
        Job job = readyMirror();
        job.complete();
        job.stop();

        endOfReady();

        assertThat(job.outcome()).contains(JobOutcome.COMPLETED);
    }

    @Test
    void an_end_that_is_told_before_the_reply_to_its_verb_waits_for_it() {
        Job job = readyMirror();
        qemu.hold("block-job-cancel");
        CompletableFuture<Void> stopped = job.stop();
        endOfReady();
        assertThat(job.done()).as("whether the stop was accepted is not known").isNotDone();

        qemu.release("block-job-cancel").answer("{}");

        assertThat(stopped).isCompleted();
        assertThat(job.done()).isCompleted();
        assertThat(job.outcome()).contains(JobOutcome.STOPPED);
    }

    @Test
    void a_job_that_ends_without_ready_ends_the_wait_for_it() {
        Job good = running();
        qemu.jobs(job("concluded", 100, 100));
        succeed();
        assertThat(good.ready()).isCompletedWithValueMatching(info -> !info.ready());
        assertThat(good.pending()).isCompletedWithValueMatching(info -> info.status() == JobStatus.CONCLUDED);

        Job bad = running();
        qemu.jobs(failed("Input/output error"));
        qemu.status("j", "concluded");
        assertThat(failure(bad.ready()).error()).isEqualTo("Input/output error");
    }

    // ---- auto-finalize: false

    @Test
    void a_job_that_is_not_to_finalize_itself_waits_until_it_is_told_to() {
        Job job = running();
        qemu.jobs(job("pending", 100, 100));
        qemu.status("j", "waiting", "pending");
        assertThat(job.pending()).as("every job is pending for a moment").isNotDone();
        qemu.emit("BLOCK_JOB_PENDING", "{'id': 'j', 'type': 'stream'}");
        assertThat(job.pending()).isCompletedWithValueMatching(info -> info.status() == JobStatus.PENDING);
        assertThat(job.done()).isNotDone();

        assertThat(job.finalizeJob()).isCompleted();
        qemu.jobs(job("concluded", 100, 100));
        qemu.emit("BLOCK_JOB_COMPLETED", progress(""));
        qemu.status("j", "concluded");

        assertThat(job.done()).isCompleted();
    }

    private void endOfReady() {
        qemu.jobs(job("mirror", "concluded", 64, 64));
        qemu.status("j", "waiting", "pending");
        qemu.emit("BLOCK_JOB_COMPLETED", "{'device': 'j', 'type': 'mirror', 'len': 64, 'offset': 64, 'speed': 0}");
        qemu.status("j", "concluded");
    }
}
