package dev.qmp.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.qmp.Await;
import dev.qmp.block.CopyRequest.Ending;
import dev.qmp.error.UnsafeOperationException;
import dev.qmp.fixtures.qemu.DiskSpec;
import dev.qmp.fixtures.qemu.LoopDevice;
import dev.qmp.fixtures.qemu.QemuImg;
import dev.qmp.fixtures.qemu.RequiresQemu;
import dev.qmp.fixtures.qemu.RequiresStorageDaemon;
import dev.qmp.fixtures.qemu.StorageDaemon;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each guard of a copy, on a real QEMU that would have written over what was there. */
@RequiresQemu
@Timeout(120)
class CopyGuardsIT {

    private Bench bench;

    @BeforeEach
    void start() {
        bench = Bench.start(
                DiskSpec.drive("d0").qdev("vda").size("16M"),
                DiskSpec.blockdev("d1").qdev("vdb").format("raw").size("16M"));
        bench.snapshot("s", "vda");
    }

    /** Whatever a guard refuses, the guest's disks are as they were. */
    @AfterEach
    void nothing_was_changed() {
        try (Bench used = bench) {
            assertThat(used.chain("vda")).containsExactly("d0.s.qcow2", "d0.qcow2");
            assertThat(used.graph().jobs()).isEmpty();
            assertThat(used.vm.control().execute("query-named-block-nodes").findValuesAsText("node-name"))
                    .as("no node of a check is left")
                    .noneMatch(node -> node.startsWith("qmp-probe"));
        }
    }

    private static CopyRequest.Builder copy(String disk, Object destination) {
        return CopyRequest.builder(disk, destination.toString(), Ending.KEEP);
    }

    private UnsafeOperationException refused(CopyRequest.Builder request) {
        return Await.failure(bench.block.plan(request.build()), UnsafeOperationException.class);
    }

    private CopyPlan plan(CopyRequest.Builder request) {
        return Await.value(bench.block.plan(request.build()));
    }

    private Path image(String name, String... create) {
        Path image = bench.file(name);
        String[] words = new String[create.length + 2];
        words[0] = "create";
        words[1] = "-q";
        for (int i = 0; i < create.length; i++) {
            words[i + 2] = create[i].equals("FILE") ? image.toString() : create[i];
        }
        QemuImg.run(words);
        return image;
    }

    @Test
    void a_destination_that_exists_is_refused_and_keeps_its_content() throws IOException {
        Path precious = Files.writeString(bench.file("copy.qcow2"), "precious");
        Files.createSymbolicLink(bench.file("link"), precious);
        Files.createLink(bench.file("hard"), bench.vm.image("d0"));

        assertThat(refused(copy("vda", precious)).check()).isEqualTo("copy-exists");
        assertThat(refused(copy("vda", bench.file("link"))).check()).isEqualTo("copy-exists");
        assertThat(refused(copy("vda", bench.file("hard")).reuse(true)).check())
                .as("a layer under another name")
                .isEqualTo("copy-in-use");
        assertThat(precious).hasContent("precious");
    }

    @Test
    void an_image_is_reused_if_size_and_backing_file_are_the_copys() {
        String base = bench.vm.image("d0").toString();

        assertThat(refused(copy("vda", bench.file("none")).reuse(true)).check()).isEqualTo("copy-missing");
        assertThat(refused(copy("vda", image("small", "-f", "qcow2", "FILE", "8M"))
                                .reuse(true))
                        .check())
                .isEqualTo("copy-size");
        assertThat(refused(copy("vda", image("raw", "-f", "raw", "FILE", "16M")).reuse(true))
                        .check())
                .isEqualTo("copy-unusable");
        Path overlay = image("overlay", "-f", "qcow2", "-F", "qcow2", "-b", base, "FILE");
        Path whole = image("whole", "-f", "qcow2", "FILE", "16M");
        assertThat(refused(copy("vda", overlay).reuse(true)).check()).isEqualTo("copy-backing");
        assertThat(refused(copy("vda", whole).reuse(true).shallow(true)).check())
                .isEqualTo("copy-backing");

        assertThat(plan(copy("vda", whole).reuse(true)).format()).isEqualTo("qcow2");
        assertThat(plan(copy("vda", overlay).reuse(true).shallow(true)).format())
                .isEqualTo("qcow2");
        assertThat(plan(copy("vdb", image("same", "-f", "raw", "FILE", "16M")).reuse(true))
                        .format())
                .isEqualTo("raw");
    }

    /** What is in it would show through wherever the disk's top layer has nothing. */
    @Test
    void an_overlay_that_is_not_empty_is_no_place_for_a_shallow_copy() throws IOException {
        String base = bench.vm.image("d0").toString();
        Path overlay = image("overlay", "-f", "qcow2", "-F", "qcow2", "-b", base, "FILE");
        Process write = new ProcessBuilder("qemu-io", "-f", "qcow2", "-c", "write 1M 64k", overlay.toString())
                .redirectErrorStream(true)
                .start();
        write.getInputStream().readAllBytes();

        assertThat(refused(copy("vda", overlay).reuse(true).shallow(true)).check())
                .isEqualTo("copy-not-empty");
    }

    @Test
    void a_device_is_overwritten_only_if_it_was_said_that_it_may_be() throws IOException {
        Path small = sized("small", 8 << 20);
        Path large = sized("large", 24 << 20);
        try (LoopDevice eight = loop(small);
                LoopDevice more = loop(large)) {
            assertThat(refused(copy("vda", more.path())).check()).isEqualTo("copy-device");
            assertThat(refused(copy("vda", eight.path()).overwriteDevice(true)).check())
                    .isEqualTo("copy-size");

            CopyPlan plan = plan(copy("vda", more.path()).overwriteDevice(true));

            assertThat(plan.format()).isEqualTo("raw");
            assertThat(plan.plan().commands().toString())
                    .as("the copy is held to the disk's size")
                    .contains("\"size\":16777216");
        }
    }

    @Test
    void a_device_that_holds_a_mounted_file_system_is_in_use() throws Exception {
        Path file = sized("fs", 24 << 20);
        Path point = Files.createDirectory(bench.file("point"));
        try (LoopDevice device = loop(file)) {
            assumeTrue(run("mkfs.ext4", "-q", device.path().toString()) == 0, "mkfs");
            assumeTrue(run("mount", device.path().toString(), point.toString()) == 0, "mount");
            try {
                UnsafeOperationException refusal =
                        refused(copy("vda", device.path()).overwriteDevice(true));

                assertThat(refusal.check()).isEqualTo("copy-device-in-use");
                assertThat(refusal).hasMessageContaining("mounted on " + point);
            } finally {
                assertThat(run("umount", point.toString())).isZero();
            }
        }
    }

    @Test
    void a_device_that_is_none_is_told_in_qemus_words() {
        UnsafeOperationException refusal =
                refused(copy("vda", "/dev/no-such-device").overwriteDevice(true));

        assertThat(refusal.check()).isEqualTo("copy-unusable");
        assertThat(refusal).hasMessageContaining("No such file or directory");
    }

    @Test
    @RequiresStorageDaemon
    void an_export_has_to_be_there_and_large_enough() {
        try (StorageDaemon server = StorageDaemon.builder()
                .exported("small", "8M")
                .exported("large", "24M")
                .start()) {
            assertThat(refused(copy("vda", server.nbd("small"))).check()).isEqualTo("copy-size");
            assertThat(refused(copy("vda", server.nbd("none"))).check()).isEqualTo("copy-unusable");
            assertThat(refused(copy("vda", "nbd+unix:///x?socket=/no/such/socket"))
                            .check())
                    .isEqualTo("copy-unusable");
            assertThat(plan(copy("vda", server.nbd("large"))).destination()).isEqualTo(server.nbd("large"));
        }
    }

    @Test
    void a_file_system_that_has_no_room_for_what_is_allocated_is_refused() throws Exception {
        bench.vm.io("d0").write(0, 4 << 20, 0x11);
        Path point = Files.createDirectory(bench.file("tmpfs"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", point.toString()) == 0, "mount");
        try {
            assertThat(refused(copy("vda", point.resolve("copy.qcow2"))).check())
                    .isEqualTo("copy-space");
            assertThat(plan(copy("vdb", point.resolve("copy.raw"))).notes())
                    .as("an empty disk that can grow")
                    .singleElement()
                    .asString()
                    .contains("16777216");
        } finally {
            assertThat(run("umount", point.toString())).isZero();
        }
    }

    private Path sized(String name, long bytes) throws IOException {
        Path file = bench.file(name);
        try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
            image.setLength(bytes);
        }
        return file;
    }

    private static LoopDevice loop(Path file) {
        Optional<LoopDevice> device = LoopDevice.on(file);
        assumeTrue(device.isPresent(), "no loop device to be had");
        return device.orElseThrow();
    }

    private static int run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        return process.waitFor();
    }
}
