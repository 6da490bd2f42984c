package dev.qmp.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.qmp.Await;
import dev.qmp.block.CopyRequest.Ending;
import dev.qmp.error.JobFailedException;
import dev.qmp.fixtures.Eventually;
import dev.qmp.fixtures.qemu.DiskSpec;
import dev.qmp.fixtures.qemu.GuestDisk;
import dev.qmp.fixtures.qemu.QemuImg;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import dev.qmp.fixtures.qemu.RequiresStorageDaemon;
import dev.qmp.fixtures.qemu.StorageDaemon;
import dev.qmp.job.Jobs;
import dev.qmp.operation.Operations;
import dev.qmp.qapi.BlockDeviceIoStatus;
import dev.qmp.qapi.BlockdevOnError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What goes wrong on the way of a copy: the guest writes on, its chain is as before, and nothing is left of what was made.
 */
@RequiresQemu
@Timeout(120)
class CopyLossIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long SLOW = 2 << 20;

    @TempDir
    Path state;

    @TempDir
    Path mountPoint;

    private interface Work {
        void run() throws IOException;
    }

    private void withTmpfs(String size, Work work) throws IOException {
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", mountPoint.toString()) == 0, "mount");
        try {
            work.run();
        } finally {
            assertThat(run("umount", mountPoint.toString())).isZero();
        }
    }

    private static int run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        try {
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return process.exitValue();
    }

    /** A guest that writes to the beginning of a disk that has 8 MiB at its end. */
    private static Bench writing() {
        Bench bench =
                Bench.start(QemuVm.builder().guest().disk(DiskSpec.drive("base").qdev("vda")));
        bench.vm.awaitGuestUp();
        bench.vm.io("base").write(48 << 20, 8 << 20, 0x11);
        bench.snapshot("s", "vda");
        bench.vm.awaitGuestWrites(4);
        return bench;
    }

    private void nothingHappened(Bench bench) throws IOException {
        assertThat(bench.chain("vda")).containsExactly("base.s.qcow2", "base.qcow2");
        BlockGraph graph = bench.graph();
        assertThat(graph.jobs()).isEmpty();
        assertThat(graph.nodes().keySet()).noneMatch(node -> node.value().contains("-copy"));
        assertThat(Operations.open(state)).isEmpty();
        bench.vm.awaitGuestWrites(8);
        noWriteHasFailed(bench);
        long counted = bench.vm.guestCounter();
        Path active = Path.of(bench.disk("vda").layers().get(0).file());
        bench.vm.quit();
        QemuImg.check(active, "qcow2");
        assertThat(GuestDisk.verify(active, "qcow2")).isGreaterThanOrEqualTo(counted - 1);
    }

    private static void noWriteHasFailed(Bench bench) {
        assertThat(bench.vm.serial().replace("BOOTSECT-GUEST-UP", ""))
                .as("the guest tells of failed writes")
                .doesNotContain("E");
    }

    @ParameterizedTest
    @EnumSource(Ending.class)
    void a_file_system_that_fills_up_fails_the_copy_in_qemus_words_and_gets_its_room_back(Ending ending)
            throws IOException {
        withTmpfs("10m", () -> {
            try (Bench bench = writing()) {
                Copies copies = new Copies(bench, state);
                CopyPlan plan = copies.plan(Copies.to(mountPoint.resolve("copy.qcow2"), ending));
                Files.write(mountPoint.resolve("filler"), new byte[7 << 20]);

                JobFailedException failure =
                        Await.failure(copies.start(plan).operation().done(), JobFailedException.class);

                assertThat(failure.error()).isEqualTo("No space left on device");
                assertThat(failure.hint().orElseThrow()).contains("all was taken back");
                assertThat(mountPoint.resolve("copy.qcow2")).doesNotExist();
                nothingHappened(bench);
            }
        });
    }

    @Test
    void with_enospc_the_copy_waits_for_room_and_goes_on() throws IOException {
        withTmpfs("11m", () -> {
            try (Bench bench = writing()) {
                Copies copies = new Copies(bench, state);
                Path copy = mountPoint.resolve("copy.qcow2");
                CopyPlan plan = copies.plan(Copies.to(copy, Ending.KEEP).onError(BlockdevOnError.ENOSPC));
                Path filler = Files.write(mountPoint.resolve("filler"), new byte[7 << 20]);

                Copies.Running running = copies.start(plan);
                Eventually.holds(
                        PATIENCE,
                        () -> "a job that waits for room",
                        () -> Await.value(new Jobs(bench.client).find(plan.jobId()))
                                .filter(job -> BlockDeviceIoStatus.NOSPACE.equals(job.ioStatus()))
                                .isPresent());
                bench.vm.awaitGuestWrites(4);
                Files.delete(filler);
                Await.value(running.mirror().resume());
                running.result();

                QemuImg.check(copy, "qcow2");
                GuestDisk.verify(copy, "qcow2");
                nothingHappened(bench);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = Ending.class,
            names = {"KEEP", "PIVOT"})
    @RequiresStorageDaemon
    void an_nbd_server_that_dies_fails_the_copy_and_the_guest_does_not_notice(Ending ending) throws IOException {
        try (StorageDaemon server = StorageDaemon.builder().exported("x", "64M").start();
                Bench bench = writing()) {
            Copies copies = new Copies(bench, state);
            Copies.Running running =
                    copies.start(copies.plan(Copies.to(server.nbd("x"), ending).speed(SLOW)));
            running.mirror();
            bench.vm.awaitGuestWrites(4);

            server.kill();

            JobFailedException failure = Await.failure(running.operation().done(), JobFailedException.class);
            assertThat(failure.hint().orElseThrow()).contains("all was taken back");
            nothingHappened(bench);
        }
    }

    @Test
    @RequiresStorageDaemon
    void an_nbd_server_that_dies_under_a_ready_mirror_takes_nothing_of_the_guests_along() {
        try (StorageDaemon server = StorageDaemon.builder().exported("x", "64M").start();
                Bench bench = writing()) {
            Copies copies = new Copies(bench, state);
            CopyPlan plan = copies.plan(Copies.to(server.nbd("x"), Ending.MIRROR));
            Copies.Running running = copies.start(plan);
            running.result();

            server.kill();

            Await.failure(running.mirror().done(), JobFailedException.class);
            bench.vm.awaitGuestWrites(8);
            noWriteHasFailed(bench);
            assertThat(bench.chain("vda")).containsExactly("base.s.qcow2", "base.qcow2");
        }
    }

    @Test
    void a_copy_that_is_cancelled_removes_what_it_made() throws IOException {
        try (Bench bench = writing()) {
            Path copy = bench.file("copy.qcow2");
            Copies copies = new Copies(bench, state);
            Copies.Running running =
                    copies.start(copies.plan(Copies.to(copy, Ending.PIVOT).speed(SLOW)));
            running.mirror();
            assertThat(copy).exists();

            Await.value(running.mirror().cancel());

            JobFailedException failure = Await.failure(running.operation().done(), JobFailedException.class);
            assertThat(failure.cancelled()).isTrue();
            assertThat(copy).doesNotExist();
            nothingHappened(bench);
        }
    }

    @Test
    void an_image_that_the_user_made_is_left_to_him() throws IOException {
        try (Bench bench = writing()) {
            Path copy = bench.file("mine.qcow2");
            QemuImg.create(copy, "qcow2", "64M");
            Copies copies = new Copies(bench, state);
            Copies.Running running = copies.start(
                    copies.plan(Copies.to(copy, Ending.PIVOT).reuse(true).speed(SLOW)));

            Await.value(running.mirror().cancel());

            Await.failure(running.operation().done(), JobFailedException.class);
            assertThat(copy).exists();
            nothingHappened(bench);
        }
    }

    /** The guest reads nothing there, so that the copy alone meets the bad place. */
    @ParameterizedTest
    @EnumSource(
            value = Ending.class,
            names = {"KEEP", "PIVOT"})
    void a_source_that_cannot_be_read_fails_the_copy_and_not_the_guest(Ending ending) throws IOException {
        Path image = state.resolve("base.qcow2");
        QemuImg.create(image, "qcow2", "64M");
        QemuImg.run("bench", "-q", "-w", "-f", "qcow2", "-c", "128", "-s", "65536", "-o", "50331648", image.toString());
        String injected = "{\"driver\":\"qcow2\",\"node-name\":\"base\",\"file\":{\"driver\":\"blkdebug\",\"image\":"
                + "{\"driver\":\"file\",\"filename\":\"" + image + "\"},"
                + "\"inject-error\":[{\"event\":\"read_aio\",\"errno\":5,\"sector\":8192}]}}";
        try (Bench bench = Bench.start(
                QemuVm.builder().args("-blockdev", injected).args("-device", "virtio-blk-pci,drive=base,id=vda"))) {
            Path copy = bench.file("copy.qcow2");
            Copies copies = new Copies(bench, state);

            JobFailedException failure = Await.failure(
                    copies.start(copies.plan(Copies.to(copy, ending)))
                            .operation()
                            .done(),
                    JobFailedException.class);

            assertThat(failure.error()).isEqualTo("Input/output error");
            assertThat(copy).doesNotExist();
            assertThat(bench.chain("vda")).containsExactly("base.qcow2");
            assertThat(bench.graph().jobs()).isEmpty();
            assertThat(List.copyOf(bench.graph().nodes().keySet()))
                    .noneMatch(node -> node.value().contains("-copy"));
        }
    }
}
