package dev.qmp.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.error.JobFailedException;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.qapi.BlockStream;
import dev.qmp.qapi.BlockdevMirror;
import dev.qmp.qapi.MirrorSyncMode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.Assertions;

/** A fake QEMU with one job "j", and callbacks that run inline. */
abstract class JobTestBase {

    static final JobId ID = new JobId("j");
    static final BlockStream STREAM =
            BlockStream.builder().jobId("j").device("snap1").build();

    final FakeClient qemu = new FakeClient();
    final ManualDelayer time = new ManualDelayer();
    final Jobs jobs = new Jobs(qemu, Runnable::run, time);

    /** A job that QEMU has accepted and that runs. */
    Job running() {
        qemu.during("block-stream", () -> qemu.status("j", "created", "running"));
        qemu.jobs(job("running", 0, 100));
        Job job = jobs.start(STREAM).join();
        qemu.commands();
        return job;
    }

    /** A mirror that is READY. */
    Job readyMirror() {
        qemu.during("blockdev-mirror", () -> {
            qemu.status("j", "created", "running", "ready");
            qemu.emit("BLOCK_JOB_READY", "{'device': 'j', 'type': 'mirror', 'len': 64, 'offset': 64, 'speed': 0}");
        });
        qemu.jobs(job("mirror", "ready", 64, 64));
        qemu.blockJobs("{'device': 'j', 'type': 'mirror', 'ready': true, 'io-status': 'ok', 'speed': 0}");
        Job job = jobs.start(BlockdevMirror.builder()
                        .jobId("j")
                        .device("snap1")
                        .target("t")
                        .sync(MirrorSyncMode.FULL)
                        .build())
                .join();
        qemu.commands();
        return job;
    }

    static String job(String status, long offset, long length) {
        return job("stream", status, offset, length);
    }

    static String job(String type, String status, long offset, long length) {
        return "{'id': 'j', 'type': '" + type + "', 'status': '" + status + "', 'current-progress': " + offset
                + ", 'total-progress': " + length + "}";
    }

    static String failed(String error) {
        return "{'id': 'j', 'type': 'stream', 'status': 'concluded', 'current-progress': 8, 'total-progress': 100, 'error': '"
                + error + "'}";
    }

    static String progress(String more) {
        return "{'device': 'j', 'type': 'stream', 'len': 100, 'offset': 100, 'speed': 0" + more + "}";
    }

    /** The events of a stream's happy end. */
    void succeed() {
        qemu.status("j", "waiting", "pending");
        qemu.emit("BLOCK_JOB_COMPLETED", progress(""));
        qemu.status("j", "concluded");
    }

    static JobFailedException failure(CompletableFuture<JobInfo> done) {
        return cause(done, JobFailedException.class);
    }

    static OutcomeUnknownException unknown(CompletableFuture<?> done) {
        return cause(done, OutcomeUnknownException.class);
    }

    static <T extends Throwable> T cause(CompletableFuture<?> future, Class<T> type) {
        assertThat(future).as("ended").isDone();
        CompletionException wrapped = Assertions.catchThrowableOfType(CompletionException.class, future::join);
        assertThat(wrapped).as("failed").isNotNull();
        assertThat(wrapped.getCause()).isInstanceOf(type);
        return type.cast(wrapped.getCause());
    }
}
