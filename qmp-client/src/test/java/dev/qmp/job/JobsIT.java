package dev.qmp.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.QmpClient;
import dev.qmp.error.CommandFailedException;
import dev.qmp.error.JobFailedException;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.fixtures.qemu.DiskSpec;
import dev.qmp.fixtures.qemu.QemuImg;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import dev.qmp.qapi.BlockDeviceIoStatus;
import dev.qmp.qapi.BlockStream;
import dev.qmp.qapi.BlockdevMirror;
import dev.qmp.qapi.BlockdevOnError;
import dev.qmp.qapi.BlockdevSnapshotSyncCommand;
import dev.qmp.qapi.JobType;
import dev.qmp.qapi.MirrorSyncMode;
import dev.qmp.qapi.RawCommand;
import dev.qmp.qapi.SnapshotSave;
import dev.qmp.transport.QmpAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs of a real QEMU: what the fake one of the other tests claims has to hold here. */
@RequiresQemu
class JobsIT {

    private static final long SLOW = 1 << 20;
    private static final JobId ID = new JobId("job-vda");

    private QemuVm vm;
    private QmpClient client;
    private Jobs jobs;

    @BeforeEach
    void start() {
        vm = QemuVm.builder()
                .disk(DiskSpec.blockdev("disk0").qdev("vda").format("qcow2").size("64M"))
                .start();
        client = connect();
        jobs = new Jobs(client);
    }

    @AfterEach
    void stop() {
        client.close();
        vm.close();
    }

    @Test
    void jobs_that_are_over_at_once_never_lose_their_end() {
        for (int i = 0; i < 30; i++) {
            overlay("s" + i, i == 0 ? "disk0" : "s" + (i - 1));

            Job job = wait(jobs.start(stream("s" + i)));

            JobInfo last = wait(job.done());
            assertThat(last.status()).isEqualTo(JobStatus.CONCLUDED);
            assertThat(last.type()).isEqualTo(JobType.STREAM);
            assertThat(last.length()).isEqualTo(64L << 20);
            assertThat(last.offset()).isEqualTo(last.length());
        }
        assertThat(wait(jobs.list())).as("all are dismissed").isEmpty();
    }

    @Test
    void a_job_is_paused_resumed_watched_and_cancelled() throws InterruptedException {
        Job job = slowStream();
        BlockingQueue<JobInfo> progress = new LinkedBlockingQueue<>();
        job.onProgress(progress::add);
        await(
                progress,
                info -> info.offset() > 0 && info.speed() == SLOW && BlockDeviceIoStatus.OK.equals(info.ioStatus()));

        wait(job.pause());
        await(progress, info -> info.paused() && info.status() == JobStatus.PAUSED);
        wait(job.resume());
        await(progress, info -> !info.paused());
        wait(job.cancel());

        JobFailedException failure = failure(job, JobFailedException.class);
        assertThat(failure.cancelled()).isTrue();
        assertThat(failure.error()).isEqualTo(Evidence.CANCELED);
        wait(job.cancel());
        assertThat(wait(jobs.list())).isEmpty();
    }

    @Test
    void a_second_job_on_a_busy_disk_is_refused_and_the_first_one_goes_on() {
        Job first = slowStream();

        Throwable refusal = catchThrowable(
                () -> wait(jobs.start(stream("top").toBuilder().jobId("other").build())));

        assertThat(refusal).isInstanceOf(CommandFailedException.class).hasMessageContaining("busy");
        wait(first.setSpeed(0));
        wait(first.done());
    }

    @Test
    void a_ready_mirror_that_is_stopped_stays_and_one_that_is_completed_pivots() {
        Job stopped = mirror("copy1");
        assertThat(wait(stopped.ready()).ready()).isTrue();
        wait(stopped.stop());
        wait(stopped.done());
        assertThat(stopped.outcome()).contains(JobOutcome.STOPPED);
        assertThat(top()).isEqualTo("disk0");

        Job completed = mirror("copy2");
        wait(completed.ready());
        wait(completed.complete());
        wait(completed.done());
        assertThat(completed.outcome()).contains(JobOutcome.COMPLETED);
        assertThat(top()).isEqualTo("copy2");
    }

    @Test
    void a_stop_of_a_mirror_that_is_no_longer_ready_cancels_it() {
        target("copy", "");
        Job job = wait(
                jobs.start(mirrorCommand("copy").toBuilder().autoFinalize(false).build()));
        wait(job.ready());
        wait(job.complete());
        wait(job.pending());

        wait(job.stop());

        assertThat(failure(job, JobFailedException.class).cancelled()).isTrue();
        assertThat(job.outcome()).isEmpty();
        assertThat(top()).isEqualTo("disk0");
    }

    @Test
    void a_job_outlives_its_client_and_is_adopted_by_the_next_one() {
        Job left = slowStream();
        client.close();
        assertThat(failure(left, OutcomeUnknownException.class).reason())
                .isEqualTo(OutcomeUnknownException.Reason.CONNECTION_LOST);

        client = connect();
        jobs = new Jobs(client);
        Job job = wait(jobs.adopt(ID));
        assertThat(job.type()).isEqualTo(JobType.STREAM);
        wait(job.setSpeed(0));

        assertThat(wait(job.done()).error()).isNull();
        assertThat(wait(jobs.list())).isEmpty();
    }

    @Test
    void a_job_that_failed_unwatched_tells_its_error_when_it_is_adopted() {
        vm.control()
                .execute(
                        "blockdev-create",
                        Map.of(
                                "job-id",
                                ID.value(),
                                "options",
                                Map.of("driver", "file", "filename", "/no/such/folder/x", "size", 512)));
        vm.control()
                .awaitEvent(
                        "JOB_STATUS_CHANGE",
                        data -> data.path("status").asText().equals("concluded"),
                        Duration.ofSeconds(20));

        Job job = wait(jobs.adopt(ID));

        assertThat(failure(job, JobFailedException.class).error()).contains("No such file or directory");
        assertThat(wait(jobs.find(ID))).isEmpty();
        assertThat(catchThrowable(() -> wait(jobs.adopt(ID)))).isInstanceOf(CommandFailedException.class);
    }

    @Test
    void somebody_elses_job_that_dismisses_itself_is_watched_to_its_end() {
        vm.io("disk0").write(0, 16 << 20, 0x5a);
        overlay("top", "disk0");
        vm.control().execute("block-stream", Map.of("job-id", ID.value(), "device", "top", "speed", SLOW));

        Job job = wait(jobs.adopt(ID));
        vm.control().execute("block-job-set-speed", Map.of("device", ID.value(), "speed", 0));

        assertThat(wait(job.done()).offset()).isEqualTo(64L << 20);
    }

    @Test
    void a_job_that_somebody_else_cancels_was_cancelled() {
        Job job = slowStream();

        vm.control().execute("job-cancel", Map.of("id", ID.value()));

        assertThat(failure(job, JobFailedException.class).cancelled()).isTrue();
    }

    @Test
    void a_job_waits_to_be_finalized() {
        overlay("top", "disk0");
        Job job = wait(jobs.start(stream("top").toBuilder().autoFinalize(false).build()));
        assertThat(wait(job.pending()).status()).isEqualTo(JobStatus.PENDING);
        assertThat(job.done()).isNotDone();

        wait(job.finalizeJob());

        assertThat(wait(job.done()).status()).isEqualTo(JobStatus.CONCLUDED);
    }

    @Test
    void a_full_target_pauses_a_mirror_that_a_resume_makes_go_on() throws InterruptedException {
        vm.io("disk0").write(0, 1 << 20, 0x5a);
        target(
                "copy",
                "'driver': 'blkdebug', 'inject-error': [{'event': 'write_aio', 'errno': 28, 'once': true}], 'image': ");
        Job job = wait(jobs.start(mirrorCommand("copy").toBuilder()
                .onTargetError(BlockdevOnError.STOP)
                .build()));
        BlockingQueue<JobInfo> progress = new LinkedBlockingQueue<>();
        job.onProgress(progress::add);
        await(progress, info -> BlockDeviceIoStatus.NOSPACE.equals(info.ioStatus()) && info.paused());
        assertThat(job.done()).isNotDone();

        wait(job.resume());

        wait(job.ready());
        wait(job.stop());
        wait(job.done());
        assertThat(job.outcome()).contains(JobOutcome.STOPPED);
    }

    @Test
    void a_job_that_is_no_block_job_succeeds_and_fails_in_qemus_words() {
        SnapshotSave save = SnapshotSave.builder()
                .jobId(ID.value())
                .tag("t1")
                .vmstate("disk0")
                .devices(List.of("disk0"))
                .build();
        JobInfo saved = wait(wait(jobs.start(save)).done());
        assertThat(saved.type()).isEqualTo(JobType.SNAPSHOT_SAVE);
        assertThat(saved.ioStatus()).isNull();

        Job again = wait(jobs.start(save));

        assertThat(failure(again, JobFailedException.class).error()).contains("already exists");
    }

    @Test
    void quit_cancels_the_job_and_the_job_says_so() {
        Job job = slowStream();

        vm.quit();

        assertThat(failure(job, JobFailedException.class).cancelled()).isTrue();
    }

    @Test
    void a_killed_qemu_leaves_the_outcome_unknown() {
        Job job = slowStream();

        vm.kill();

        assertThat(failure(job, OutcomeUnknownException.class).reason())
                .isEqualTo(OutcomeUnknownException.Reason.CONNECTION_LOST);
    }

    private QmpClient connect() {
        return wait(QmpClient.connect(QmpAddress.unix(vm.monitor())));
    }

    private Job slowStream() {
        vm.io("disk0").write(0, 16 << 20, 0x5a);
        overlay("top", "disk0");
        return wait(jobs.start(stream("top").toBuilder().speed(SLOW).build()));
    }

    private static BlockStream stream(String node) {
        return BlockStream.builder().jobId(ID.value()).device(node).build();
    }

    private void overlay(String name, String node) {
        Path file = vm.folder().resolve(name + ".qcow2");
        wait(client.execute(BlockdevSnapshotSyncCommand.builder()
                .nodeName(node)
                .snapshotFile(file.toString())
                .snapshotNodeName(name)
                .build()));
    }

    private Job mirror(String name) {
        target(name, "");
        return wait(jobs.start(mirrorCommand(name)));
    }

    private static BlockdevMirror mirrorCommand(String target) {
        return BlockdevMirror.builder()
                .jobId(ID.value())
                .device("disk0")
                .target(target)
                .sync(MirrorSyncMode.FULL)
                .build();
    }

    /** Attaches a new image of the disk's size, with a filter in between if {@code filter} opens one. */
    private void target(String name, String filter) {
        Path file = vm.folder().resolve(name + ".qcow2");
        QemuImg.create(file, "qcow2", "64M");
        String protocol = "{'driver': 'file', 'filename': '" + file + "'}";
        JsonNode node = FakeClient.json("{'driver': 'qcow2', 'node-name': '" + name + "', 'file': "
                + (filter.isEmpty() ? protocol : "{" + filter + protocol + "}") + "}");
        wait(client.execute(RawCommand.of("blockdev-add", node.deepCopy())));
    }

    private String top() {
        return wait(client.execute("query-block"))
                .get(0)
                .path("inserted")
                .path("node-name")
                .asText();
    }

    private static <T extends Throwable> T failure(Job job, Class<T> type) {
        Throwable failure = catchThrowable(() -> wait(job.done()));
        assertThat(failure).isInstanceOf(type);
        return type.cast(failure);
    }

    private static void await(BlockingQueue<JobInfo> progress, Predicate<JobInfo> wanted) throws InterruptedException {
        List<JobInfo> seen = new ArrayList<>();
        while (true) {
            JobInfo info = progress.poll(20, TimeUnit.SECONDS);
            assertThat(info).as("what was wanted, after " + seen).isNotNull();
            if (wanted.test(info)) {
                return;
            }
            seen.add(info);
        }
    }

    private static <T> T wait(CompletableFuture<T> future) {
        try {
            return future.orTimeout(30, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
