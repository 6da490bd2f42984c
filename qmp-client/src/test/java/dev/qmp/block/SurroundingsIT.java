package dev.qmp.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.qmp.Await;
import dev.qmp.block.SnapshotRequest.Existing;
import dev.qmp.error.CommandFailedException;
import dev.qmp.error.JobFailedException;
import dev.qmp.error.UnsafeOperationException;
import dev.qmp.fixtures.qemu.DiskSpec;
import dev.qmp.fixtures.qemu.MonitorSpec;
import dev.qmp.fixtures.qemu.QemuBinary;
import dev.qmp.fixtures.qemu.QemuImg;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import dev.qmp.transport.QmpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Operations where QEMU's surroundings are not the usual ones: another host, a full disk, another user, another folder. */
@RequiresQemu
@Timeout(120)
class SurroundingsIT {

    /** Over TCP nobody can look at QEMU's files but QEMU. */
    @Nested
    class A_monitor_on_tcp {

        private Bench start() {
            QemuVm vm = QemuVm.builder()
                    .disk(DiskSpec.drive("d0").qdev("vda"))
                    .disk(DiskSpec.drive("d1").qdev("vdb"))
                    .monitor(MonitorSpec.tcp())
                    .start();
            return Bench.on(vm, QmpAddress.tcp("127.0.0.1", vm.tcpPort(0)));
        }

        @Test
        void refuses_an_overlay_that_exists_there() throws IOException {
            try (Bench bench = start()) {
                Path precious = Files.writeString(bench.file("d0.s.qcow2"), "precious");

                UnsafeOperationException refusal = bench.refused("s", "vda");

                assertThat(bench.client.peer()).isEmpty();
                assertThat(refusal.check()).isEqualTo("overlay-exists");
                assertThat(precious).hasContent("precious");
                assertThat(bench.graph().nodes().keySet())
                        .as("the look has left nothing behind")
                        .noneMatch(node -> node.value().startsWith("qmp-probe"));
            }
        }

        @Test
        void refuses_what_is_there_and_is_no_file() throws IOException {
            try (Bench bench = start()) {
                Path inTheWay = Files.createDirectory(bench.file("folder"));

                UnsafeOperationException refusal = bench.refused("s", "vda=" + inTheWay);

                assertThat(refusal.check()).isEqualTo("overlay-unknown");
            }
        }

        @Test
        void takes_a_snapshot_and_pulls_it_in() {
            try (Bench bench = start()) {
                bench.snapshot("s", "vda", "vdb");
                assertThat(bench.chain("vda")).containsExactly("d0.s.qcow2", "d0.qcow2");

                bench.pull("vda", null);
                assertThat(bench.chain("vda")).containsExactly("d0.s.qcow2");
            }
        }

        @Test
        void checks_a_reused_overlay_through_qemu() {
            try (Bench bench = start()) {
                Path alone = bench.file("alone.qcow2");
                QemuImg.create(alone, "qcow2", "64M");
                Path right = bench.file("right.qcow2");
                QemuImg.createOverlay(right, bench.vm.image("d0"), "qcow2");

                assertThat(bench.refused(Bench.request("s", Existing.REUSE, "vda=" + alone))
                                .check())
                        .isEqualTo("overlay-backing");
                bench.snapshot(Bench.request("s", Existing.REUSE, "vda=" + right));
                assertThat(bench.chain("vda")).containsExactly("right.qcow2", "d0.qcow2");
            }
        }

        @Test
        void says_which_overlays_a_refused_transaction_has_left_where_it_cannot_remove_them() {
            try (Bench bench = start()) {
                Path a = bench.file("a.qcow2");
                SnapshotPlan plan = bench.plan(
                        Bench.request("s", Existing.REFUSE, "vda=" + a, "vdb=" + bench.file("nodir/b.qcow2")));

                CommandFailedException refusal = Await.failure(bench.block.run(plan), CommandFailedException.class);

                assertThat(a).as("out of our reach").exists();
                assertThat(refusal.hint().orElseThrow()).contains(a.toString());
            }
        }
    }

    /** A file system of a few hundred kilobytes. */
    @Nested
    class A_full_file_system {

        @TempDir
        Path mountPoint;

        private void withTmpfs(String size, IoWork work) throws IOException {
            assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", mountPoint.toString()) == 0, "mount");
            try {
                work.run();
            } finally {
                assertThat(run("umount", mountPoint.toString())).isZero();
            }
        }

        @Test
        void refuses_a_snapshot_in_qemus_words_and_names_the_folder_and_leaves_nothing() throws IOException {
            withTmpfs("64k", () -> {
                try (Bench bench = Bench.start(DiskSpec.drive("d0").qdev("vda"))) {
                    Files.write(mountPoint.resolve("filler"), new byte[56 << 10]);
                    Path overlay = mountPoint.resolve("s.qcow2");
                    SnapshotPlan plan = bench.plan(Bench.request("s", Existing.REFUSE, "vda=" + overlay));

                    CommandFailedException refusal = Await.failure(bench.block.run(plan), CommandFailedException.class);

                    assertThat(refusal.desc()).contains("No space left on device");
                    assertThat(refusal.hint().orElseThrow()).contains("make room in " + mountPoint);
                    assertThat(bench.disk("vda").layers()).hasSize(1);
                    assertThat(overlay).doesNotExist();
                }
            });
        }

        @Test
        void fails_a_pull_in_qemus_words_with_the_chain_as_it_was() throws IOException {
            withTmpfs("2m", () -> {
                try (Bench bench = Bench.start(DiskSpec.drive("d0").qdev("vda"))) {
                    bench.vm.io("d0").write(0, 8 << 20, 0x11);
                    bench.snapshot("s", "vda=" + mountPoint.resolve("s.qcow2"));

                    JobFailedException failure = Await.failure(
                            bench.start(PullRequest.of("vda", null)).done(), JobFailedException.class);

                    assertThat(failure.error()).isEqualTo("No space left on device");
                    assertThat(failure.hint().orElseThrow())
                            .contains("the chain is as before", "make room in " + mountPoint);
                    assertThat(bench.chain("vda")).containsExactly("s.qcow2", "d0.qcow2");
                    assertThat(bench.graph().jobs()).isEmpty();
                }
            });
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
    }

    @FunctionalInterface
    private interface IoWork {
        void run() throws IOException;
    }

    @Nested
    class A_qemu_of_another_user {

        @Test
        void is_refused_by_the_folder_and_the_advice_names_user_folder_and_owner() throws IOException {
            assumeTrue("root".equals(System.getProperty("user.name")), "only root can start a QEMU as another user");
            QemuVm.Builder nobodys =
                    QemuVm.builder().disk(DiskSpec.drive("d0").qdev("vda")).runAs("nobody", "nogroup");
            try (Bench bench = Bench.start(nobodys)) {
                // Others may look into the folder; only its owner may create a file there.
                Files.setPosixFilePermissions(bench.vm.folder(), PosixFilePermissions.fromString("rwxr-xr-x"));
                SnapshotPlan plan = bench.plan(Bench.request("s", Existing.REFUSE, "vda"));

                CommandFailedException refusal = Await.failure(bench.block.run(plan), CommandFailedException.class);

                assertThat(refusal.desc())
                        .isEqualTo("Could not create '" + bench.file("d0.s.qcow2") + "': Permission denied");
                assertThat(refusal.hint().orElseThrow())
                        .contains(bench.vm.folder() + "/", "runs as nobody", "belongs to root:root, rwxr-xr-x");
                assertThat(bench.disk("vda").layers()).hasSize(1);
                assertThat(bench.file("d0.s.qcow2")).doesNotExist();
            }
        }
    }

    /** QEMU was started with {@code file=sub/base.img}: what it then writes into headers means something else there. */
    @Nested
    class A_base_with_a_relative_name {

        @TempDir
        Path working;

        private Path base;

        /** A QEMU whose working folder is ours, with the disk {@code vda} on {@code name} relative to it. */
        private Bench start(String name) throws IOException {
            base = working.resolve(name);
            Files.createDirectories(base.getParent());
            QemuImg.create(base, "qcow2", "16M");
            Path wrapper = working.resolve("qemu-here");
            Files.writeString(
                    wrapper,
                    "#!/bin/sh\ncd '" + working + "' || exit\nexec '"
                            + QemuBinary.find().orElseThrow() + "' \"$@\"\n");
            Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwx------"));
            return Bench.start(QemuVm.builder()
                    .binary(wrapper)
                    .args(
                            "-drive",
                            "if=none,id=d0,format=qcow2,file=" + name,
                            "-device",
                            "virtio-blk-pci,drive=d0,id=vda"));
        }

        @Test
        void is_shown_by_its_absolute_name() throws IOException {
            try (Bench bench = start("sub/base.img")) {
                assertThat(bench.disk("vda").active().orElseThrow().file()).isEqualTo(base.toString());
                assertThat(bench.disk(base.toString()).name()).isEqualTo("vda");
            }
        }

        @Test
        void is_refused_where_the_header_would_name_another_file_and_the_advice_works() throws IOException {
            try (Bench bench = start("sub/base.img")) {
                Path overlay = working.resolve("sub/base.s.qcow2");

                UnsafeOperationException refusal = bench.refused("s", "vda");

                assertThat(refusal.check()).isEqualTo("base-relative");
                assertThat(refusal.hint().orElseThrow())
                        .contains("qemu-img create -f qcow2 -F qcow2 -b '" + base + "' '" + overlay + "' 16777216");
                assertThat(overlay).doesNotExist();

                QemuImg.run("create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", base + "", overlay + "", "16777216");
                bench.snapshot(Bench.request("s", Existing.REUSE, "vda=" + overlay));
                assertThat(bench.chain("vda")).containsExactly("base.s.qcow2", "base.img");
                bench.vm.quit();
                assertThat(QemuImg.chain(overlay)).hasSize(2);
            }
        }

        @Test
        void is_taken_where_the_name_means_the_same_from_the_overlays_folder() throws IOException {
            try (Bench bench = start("./base.img")) {
                bench.snapshot("s", "vda");

                bench.vm.quit();
                assertThat(QemuImg.chain(working.resolve("base.s.qcow2")))
                        .as("the chain as the next start will find it")
                        .hasSize(2);
            }
        }

        @Test
        void is_written_absolute_into_the_header_by_a_pull_down_to_it() throws IOException {
            try (Bench bench = start("sub/base.img")) {
                Path first = working.resolve("sub/first.qcow2");
                QemuImg.createOverlay(first, base, "qcow2");
                bench.snapshot(Bench.request("s1", Existing.REUSE, "vda=" + first));
                Path second = working.resolve("sub/second.qcow2");
                QemuImg.createOverlay(second, first, "qcow2");
                bench.snapshot(Bench.request("s2", Existing.REUSE, "vda=" + second));
                assertThat(bench.disk("vda").layers()).hasSize(3);

                bench.pull("vda", base.toString());

                Path active = Path.of(bench.disk("vda").active().orElseThrow().file());
                bench.vm.quit();
                assertThat(QemuImg.info(active).path("backing-filename").asText())
                        .isEqualTo(base.toString());
                assertThat(QemuImg.chain(active)).hasSize(2);
            }
        }
    }
}
