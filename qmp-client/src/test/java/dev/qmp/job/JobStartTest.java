package dev.qmp.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.qmp.error.CommandFailedException;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.qapi.BlockStream;
import dev.qmp.qapi.JobType;
import dev.qmp.qapi.SnapshotSave;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class JobStartTest extends JobTestBase {

    @Test
    void a_command_is_sent_such_that_its_job_is_kept_and_everything_else_is_as_given() {
        jobs.start(STREAM.toBuilder().autoDismiss(true).autoFinalize(false).build());

        assertThat(qemu.commands())
                .containsExactly(
                        "block-stream {'job-id':'j','device':'snap1','auto-finalize':false,'auto-dismiss':false}");
    }

    @Test
    void commands_whose_jobs_are_always_kept_do_not_get_an_argument_that_qemu_would_refuse() {
        jobs.start(SnapshotSave.builder()
                .jobId("j")
                .tag("t")
                .vmstate("n")
                .devices(List.of("n"))
                .build());

        assertThat(qemu.commands())
                .containsExactly("snapshot-save {'job-id':'j','tag':'t','vmstate':'n','devices':['n']}");
    }

    @Test
    void a_command_without_job_id_is_a_programmers_mistake_and_is_not_sent() {
        assertThatIllegalArgumentException().isThrownBy(() -> jobs.start(new BlockStream("d")));

        assertThat(qemu.sent()).isEmpty();
        assertThat(qemu.subscribers()).isZero();
    }

    @Test
    void the_job_is_listened_to_before_its_command_is_sent() {
        int[] listening = new int[1];
        qemu.during("block-stream", () -> listening[0] = qemu.subscribers());

        jobs.start(STREAM);

        assertThat(listening[0]).isEqualTo(1);
    }

    @Test
    void a_job_knows_its_type_from_its_command_and_its_status_from_events_before_the_reply() {
        Job job = running();

        assertThat(job.id()).isEqualTo(ID);
        assertThat(job.type()).isEqualTo(JobType.STREAM);
        assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
        assertThat(job.done()).isNotDone();
    }

    @Test
    void start_completes_with_the_reply_and_not_before() {
        qemu.hold("block-stream");
        CompletableFuture<Job> started = jobs.start(STREAM);
        qemu.status("j", "created", "running");
        assertThat(started).isNotDone();

        qemu.release("block-stream").answer("{}");

        assertThat(started).isCompleted();
    }

    @Test
    void a_job_that_is_over_before_the_reply_ends_as_any_other() {
        qemu.jobs(job("concluded", 100, 100));
        qemu.during("block-stream", () -> {
            qemu.status("j", "created", "running");
            succeed();
        });

        Job job = jobs.start(STREAM).join();

        assertThat(job.done()).isCompletedWithValueMatching(info -> info.offset() == 100);
        assertThat(qemu.commands()).last().isEqualTo("job-dismiss {'id':'j'}");
    }

    @Test
    void nothing_is_asked_or_dismissed_before_qemu_has_accepted() {
        qemu.hold("block-stream");
        jobs.start(STREAM);

        qemu.status("j", "concluded", "null");

        assertThat(qemu.sent()).hasSize(1);
    }

    @Test
    void a_refused_start_fails_as_the_command_does_and_leaves_no_subscription() {
        qemu.refuse("block-stream", "Node 'snap1' is busy");

        CompletableFuture<Job> started = jobs.start(STREAM);

        assertThat(cause(started, CommandFailedException.class).desc()).isEqualTo("Node 'snap1' is busy");
        assertThat(qemu.subscribers()).isZero();
    }

    @Test
    void a_start_whose_deadline_passed_is_unknown_leaves_no_subscription_and_can_be_adopted() {
        qemu.fail(
                "block-stream",
                new OutcomeUnknownException(
                        "block-stream", OutcomeUnknownException.Reason.DEADLINE_PASSED, "30 s passed", null));

        CompletableFuture<Job> started = jobs.start(STREAM);

        assertThat(unknown(started).reason()).isEqualTo(OutcomeUnknownException.Reason.DEADLINE_PASSED);
        assertThat(qemu.subscribers()).isZero();
        qemu.jobs(job("running", 1, 100));
        assertThat(jobs.adopt(ID)).isCompleted();
    }

    @Test
    void a_start_that_its_caller_has_cancelled_leaves_the_job_to_whoever_adopts_it() {
        qemu.hold("block-stream");
        CompletableFuture<Job> started = jobs.start(STREAM);
        started.cancel(false);
        qemu.jobs(job("concluded", 100, 100));

        qemu.release("block-stream").answer("{}");
        succeed();

        assertThat(qemu.commands()).noneMatch(command -> command.startsWith("job-dismiss"));
        assertThat(qemu.subscribers()).isZero();
    }

    @Test
    void what_was_heard_of_an_earlier_job_of_the_same_id_does_not_count() {
        qemu.during("block-stream", () -> {
            qemu.emit("BLOCK_JOB_READY", progress(""));
            qemu.emit("BLOCK_JOB_COMPLETED", progress(", 'error': 'Input/output error'"));
            qemu.status("j", "concluded", "null", "created", "running");
        });
        qemu.jobs(job("running", 0, 100));

        Job job = jobs.start(STREAM).join();
        assertThat(job.ready()).isNotDone();
        assertThat(job.done()).isNotDone();
        // Nobody but the events can tell the end of this one.
        qemu.jobs();
        qemu.status("j", "waiting", "pending", "concluded", "null");

        assertThat(job.done()).isCompleted();
    }

    @Test
    void the_success_of_an_earlier_job_of_the_same_id_does_not_cover_the_failure_of_this_one() {
        qemu.during("block-stream", () -> {
            qemu.emit("BLOCK_JOB_COMPLETED", progress(""));
            qemu.status("j", "concluded", "null", "created", "running");
        });
        qemu.jobs(job("running", 0, 100));
        Job job = jobs.start(STREAM).join();

        qemu.jobs();
        qemu.status("j", "aborting", "concluded", "null");

        assertThat(failure(job.done()).error()).contains("aborted");
    }
}
