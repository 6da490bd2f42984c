package dev.qmp.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.qmp.Await;
import dev.qmp.block.CopyRequest.Ending;
import dev.qmp.error.JobFailedException;
import dev.qmp.fixtures.Eventually;
import dev.qmp.fixtures.qemu.QemuImg;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import dev.qmp.job.JobInfo;
import dev.qmp.job.Jobs;
import dev.qmp.operation.OperationResult;
import dev.qmp.operation.Operations;
import dev.qmp.qapi.BlockDeviceIoStatus;
import dev.qmp.qapi.BlockdevOnError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A place that cannot be read and a file system that is full, held against each {@code --on-error}. */
@RequiresQemu
@Timeout(120)
class CopyFaultsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path state;

    @TempDir
    Path mountPoint;

    /** What becomes of a copy that meets an error which can be mended. */
    private enum Outcome {
        FAILS,
        WAITS_AND_ENDS_WELL,
        ENDS_WELL
    }

    private Path image() {
        Path image = state.resolve("base.qcow2");
        QemuImg.create(image, "qcow2", "64M");
        QemuImg.run(
                "bench",
                "-q",
                "-w",
                "-f",
                "qcow2",
                "-c",
                "128",
                "-s",
                "65536",
                "-o",
                "50331648",
                "--pattern=17",
                image.toString());
        return image;
    }

    /** The file's eighth MiB is in the midst of the data; the error comes once. */
    private static QemuVm.Builder unreadable(Path image) {
        String node = "{\"driver\":\"qcow2\",\"node-name\":\"base\",\"file\":{\"driver\":\"blkdebug\",\"image\":"
                + "{\"driver\":\"file\",\"filename\":\"" + image + "\"},\"inject-error\":"
                + "[{\"event\":\"read_aio\",\"errno\":5,\"sector\":8192,\"once\":true}]}}";
        return QemuVm.builder().args("-blockdev", node).args("-device", "virtio-blk-pci,drive=base,id=vda");
    }

    private static QemuVm.Builder readable(Path image) {
        return QemuVm.builder()
                .args("-drive", "if=none,id=base,format=qcow2,file=" + image)
                .args("-device", "virtio-blk-pci,drive=base,id=vda");
    }

    @ParameterizedTest
    @CsvSource({
        "report,KEEP,FAILS",
        "report,PIVOT,FAILS",
        "enospc,KEEP,FAILS",
        "enospc,PIVOT,FAILS",
        "stop,KEEP,WAITS_AND_ENDS_WELL",
        "stop,PIVOT,WAITS_AND_ENDS_WELL",
        "ignore,KEEP,ENDS_WELL",
        "ignore,PIVOT,ENDS_WELL"
    })
    void a_source_that_cannot_be_read_once(String onError, Ending ending, Outcome outcome) throws IOException {
        Path image = image();
        copy(image, unreadable(image), state.resolve("copy.qcow2"), onError, ending, outcome, null);
    }

    @ParameterizedTest
    @CsvSource({
        "report,KEEP,FAILS",
        "report,PIVOT,FAILS",
        "enospc,KEEP,WAITS_AND_ENDS_WELL",
        "enospc,PIVOT,WAITS_AND_ENDS_WELL",
        "stop,KEEP,WAITS_AND_ENDS_WELL",
        "stop,PIVOT,WAITS_AND_ENDS_WELL"
    })
    void a_target_whose_file_system_is_full(String onError, Ending ending, Outcome outcome) throws Exception {
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=10m", "tmpfs", mountPoint.toString()) == 0, "mount");
        try {
            Path image = image();
            Path filler = mountPoint.resolve("filler");
            copy(image, readable(image), mountPoint.resolve("copy.qcow2"), onError, ending, outcome, filler);
        } finally {
            assertThat(run("umount", mountPoint.toString())).isZero();
        }
    }

    private void copy(
            Path image,
            QemuVm.Builder vm,
            Path copy,
            String onError,
            Ending ending,
            Outcome outcome,
            @Nullable Path filler)
            throws IOException {
        try (Bench bench = Bench.start(vm)) {
            Copies copies = new Copies(bench, state);
            CopyPlan plan = copies.plan(Copies.to(copy, ending).onError(new BlockdevOnError(onError)));
            if (filler != null) {
                Files.write(filler, new byte[5 << 20]);
            }
            Copies.Running running = copies.start(plan);
            if (outcome == Outcome.FAILS) {
                JobFailedException failure = Await.failure(running.operation().done(), JobFailedException.class);
                assertThat(failure.error())
                        .isEqualTo(filler == null ? "Input/output error" : "No space left on device");
                assertThat(copy).doesNotExist();
                assertThat(bench.chain("vda")).containsExactly("base.qcow2");
            } else {
                if (outcome == Outcome.WAITS_AND_ENDS_WELL) {
                    running.mirror();
                    awaitPaused(bench, plan, filler == null ? BlockDeviceIoStatus.FAILED : BlockDeviceIoStatus.NOSPACE);
                    assertThat(running.operation().done()).isNotDone();
                    if (filler != null) {
                        Files.delete(filler);
                    }
                    Await.value(running.mirror().resume());
                }
                assertThat(running.result().end()).isEqualTo(OperationResult.End.DONE);
                assertThat(bench.chain("vda")).containsExactly(ending == Ending.PIVOT ? "copy.qcow2" : "base.qcow2");
            }
            assertThat(bench.graph().jobs()).isEmpty();
            assertThat(Operations.open(state)).isEmpty();
            bench.vm.quit();
        }
        QemuImg.check(image, "qcow2");
        if (outcome != Outcome.FAILS) {
            QemuImg.check(copy, "qcow2");
            assertThat(QemuImg.identical(image, "qcow2", copy, "qcow2")).isTrue();
        }
    }

    private static void awaitPaused(Bench bench, CopyPlan plan, BlockDeviceIoStatus status) {
        Eventually.holds(PATIENCE, () -> "a job that waits for help", () -> {
            Optional<JobInfo> job = Await.value(new Jobs(bench.client).find(plan.jobId()));
            return job.filter(one -> status.equals(one.ioStatus())).isPresent();
        });
    }

    private static int run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
