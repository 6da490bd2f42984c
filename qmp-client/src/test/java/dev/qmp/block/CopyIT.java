package dev.qmp.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.qmp.Await;
import dev.qmp.block.CopyRequest.Ending;
import dev.qmp.fixtures.qemu.DiskSpec;
import dev.qmp.fixtures.qemu.GuestDisk;
import dev.qmp.fixtures.qemu.HmpIo;
import dev.qmp.fixtures.qemu.LoopDevice;
import dev.qmp.fixtures.qemu.QemuImg;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.ReferenceImage;
import dev.qmp.fixtures.qemu.RequiresQemu;
import dev.qmp.fixtures.qemu.RequiresStorageDaemon;
import dev.qmp.fixtures.qemu.StorageDaemon;
import dev.qmp.job.JobId;
import dev.qmp.job.JobStatus;
import dev.qmp.operation.OperationResult;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Copies on a real QEMU: what is in them, where the guest goes on, and what is left of the operation. */
@RequiresQemu
@Timeout(120)
class CopyIT {

    private static final int SIZE = 16 << 20;
    private static final int SECTOR = 512;

    @TempDir
    Path state;

    private static Bench writing(DiskSpec spec) {
        Bench bench = Bench.start(QemuVm.builder().guest().disk(spec));
        bench.vm.awaitGuestUp();
        for (String name : List.of("snap1", "snap2")) {
            bench.vm.awaitGuestWrites(8);
            bench.snapshot(name, "vda");
        }
        bench.vm.awaitGuestWrites(8);
        return bench;
    }

    private static List<String> nodes(Bench bench) {
        return bench.vm.control().execute("query-named-block-nodes").findValuesAsText("node-name");
    }

    private static void nothingIsLeftOpen(Bench bench) {
        assertThat(bench.graph().jobs()).isEmpty();
        assertThat(nodes(bench)).noneMatch(name -> name.contains("-copy"));
    }

    @ParameterizedTest
    @MethodSource("dev.qmp.block.DiskShapes#all")
    void a_copy_that_is_kept_is_the_whole_disk_at_one_moment_and_the_guest_stays_where_it_is(DiskSpec spec) {
        try (Bench bench = writing(spec)) {
            Path copy = bench.file("copy.qcow2");
            List<String> before = bench.chain("vda");
            long from = bench.vm.guestCounter();

            OperationResult result = new Copies(bench, state).run(Copies.to(copy, Ending.KEEP));

            long to = bench.vm.guestCounter();
            assertThat(result.end()).isEqualTo(OperationResult.End.DONE);
            assertThat(bench.chain("vda")).isEqualTo(before);
            nothingIsLeftOpen(bench);
            QemuImg.check(copy, "qcow2");
            assertThat(QemuImg.chain(copy)).hasSize(1);
            assertThat(GuestDisk.verify(copy, "qcow2")).isBetween(from - 1, to);
            bench.vm.awaitGuestWrites(8);
            Path active = Path.of(bench.disk("vda").layers().get(0).file());
            bench.vm.quit();
            assertThat(GuestDisk.verify(active, "qcow2")).isGreaterThan(to);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.qmp.block.DiskShapes#all")
    void a_copy_that_takes_over_stands_alone_and_has_every_write(DiskSpec spec) {
        try (Bench bench = writing(spec)) {
            Path copy = bench.file("copy.qcow2");
            Path old = Path.of(bench.disk("vda").layers().get(0).file());

            Copies.Running running =
                    new Copies(bench, state).start(new Copies(bench, state).plan(Copies.to(copy, Ending.PIVOT)));
            running.result();

            assertThat(bench.chain("vda")).containsExactly("copy.qcow2");
            assertThat(bench.graph().jobs()).isEmpty();
            List<String> left = running.plan().unusedNodes(bench.graph()).stream()
                    .map(NodeName::value)
                    .toList();
            if (spec.style() == DiskSpec.Style.BLOCKDEV) {
                assertThat(left).as("added by name, so they stay").contains("base");
            } else {
                assertThat(left).doesNotContain("base");
            }
            bench.vm.awaitGuestWrites(8);
            long counted = bench.vm.guestCounter();
            bench.vm.quit();
            QemuImg.check(copy, "qcow2");
            assertThat(QemuImg.chain(copy)).hasSize(1);
            assertThat(GuestDisk.verify(copy, "qcow2")).isGreaterThanOrEqualTo(counted - 1);
            QemuImg.check(old, "qcow2");
            assertThat(GuestDisk.verify(old, "qcow2")).isLessThan(counted);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.qmp.block.DiskShapes#all")
    void a_shallow_copy_takes_the_active_layers_place_on_the_same_chain(DiskSpec spec) {
        String base = "base." + spec.format();
        try (Bench bench = writing(spec)) {
            Path copy = bench.file("copy.qcow2");

            new Copies(bench, state).run(Copies.to(copy, Ending.PIVOT).shallow(true));

            assertThat(bench.chain("vda")).containsExactly("copy.qcow2", "base.snap1.qcow2", base);
            assertThat(bench.chainOnDisk("vda")).containsExactly("copy.qcow2", "base.snap1.qcow2", base);
            bench.vm.awaitGuestWrites(8);
            bench.snapshot("on-top", "vda");
            bench.vm.awaitGuestWrites(8);
            bench.pull("vda", null);
            long counted = bench.vm.guestCounter();
            Path active = Path.of(bench.disk("vda").layers().get(0).file());
            bench.vm.quit();
            QemuImg.check(active, "qcow2");
            assertThat(GuestDisk.verify(active, "qcow2")).isGreaterThanOrEqualTo(counted - 1);
        }
    }

    /** While it copies slowly the disk is written to everywhere; then nothing is, until the copy has ended. */
    @ParameterizedTest
    @CsvSource({"qcow2,qcow2,false", "qcow2,raw,false", "raw,raw,false", "raw,qcow2,true", "qcow2,qcow2,true"})
    void a_kept_copy_is_to_the_byte_what_the_disk_was_when_it_ended(String from, String to, boolean writeBlocking) {
        ReferenceImage reference = ReferenceImage.create(state.resolve("reference"), SIZE);
        Random random = new Random(42);
        DiskSpec disk = DiskSpec.blockdev("base").qdev("vda").format(from).size(Integer.toString(SIZE));
        try (Bench bench = Bench.start(disk)) {
            HmpIo io = bench.vm.io("base").alsoTo(reference);
            for (int i = 0; i < 20; i++) {
                write(io, random);
            }
            bench.snapshot("s", "vda");
            Path copy = bench.file("copy");
            Copies copies = new Copies(bench, state);
            Copies.Running running = copies.start(copies.plan(
                    Copies.to(copy, Ending.KEEP).format(to).speed(2 << 20).writeBlocking(writeBlocking)));
            running.mirror();
            for (int i = 0; i < 40; i++) {
                write(io, random);
            }
            assertThat(running.operation().done()).as("it is slow").isNotDone();
            Await.value(running.mirror().setSpeed(0));
            running.result();

            assertThat(reference.sameAs(copy, to)).isTrue();
            write(io, random);
            assertThat(reference.sameAs(copy, to)).as("the copy has ended").isFalse();
            nothingIsLeftOpen(bench);
        }
    }

    private static void write(HmpIo io, Random random) {
        int length = (1 + random.nextInt(1 << random.nextInt(10))) * SECTOR;
        long offset = (long) random.nextInt((SIZE - length) / SECTOR + 1) * SECTOR;
        io.write(offset, length, 1 + random.nextInt(255));
    }

    /** Where the disk has nothing, nothing of what was there before may show. */
    @ParameterizedTest
    @CsvSource({"raw", "qcow2"})
    void what_was_in_an_image_that_is_reused_is_gone(String format) {
        ReferenceImage reference = ReferenceImage.create(state.resolve("reference"), SIZE);
        try (Bench bench = Bench.start(DiskSpec.drive("base").qdev("vda").size(Integer.toString(SIZE)))) {
            HmpIo io = bench.vm.io("base").alsoTo(reference);
            io.write(5 << 20, 1 << 20, 0x11);
            bench.snapshot("s", "vda");
            io.write(9 << 20, SECTOR, 0x22);
            Path copy = bench.file("mine");
            QemuImg.create(copy, format, Integer.toString(SIZE));
            QemuImg.run(
                    "bench", "-q", "-w", "-f", format, "-c", "256", "-s", "65536", "--pattern=255", copy.toString());

            new Copies(bench, state)
                    .run(Copies.to(copy, Ending.KEEP).format(format).reuse(true));

            assertThat(reference.sameAs(copy, format)).isTrue();
        }
    }

    @Test
    void a_raw_copy_of_a_sparse_disk_is_sparse() throws IOException {
        try (Bench bench = Bench.start(DiskSpec.drive("base").qdev("vda"))) {
            bench.vm.io("base").write(1 << 20, 1 << 20, 0x11);
            Path copy = bench.file("copy.raw");

            new Copies(bench, state).run(Copies.to(copy, Ending.KEEP).format("raw"));

            assertThat(Files.size(copy)).isEqualTo(64 << 20);
            assertThat(QemuImg.info(copy).path("actual-size").asLong()).isBetween(1L << 20, 2L << 20);
        }
    }

    @Test
    @RequiresStorageDaemon
    void a_larger_export_takes_a_kept_copy_and_the_next_one_takes_the_guest() {
        try (StorageDaemon server = StorageDaemon.builder().exported("x", "24M").start();
                Bench bench = Bench.start(DiskSpec.drive("base").qdev("vda").size("16M"))) {
            Copies copies = new Copies(bench, state);
            HmpIo io = bench.vm.io("base");
            io.write(1 << 20, 1 << 20, 0x11);

            copies.run(Copies.to(server.nbd("x"), Ending.KEEP));

            assertThat(server.holds("x", 1 << 20, 1 << 20, 0x11)).isTrue();
            io.write(1 << 20, 1 << 20, 0x22);
            assertThat(server.holds("x", 1 << 20, 1 << 20, 0x11)).isTrue();
            nothingIsLeftOpen(bench);

            copies.run(Copies.to(server.nbd("x"), Ending.PIVOT));

            Disk disk = bench.disk("vda");
            assertThat(disk.layers()).singleElement().satisfies(layer -> {
                assertThat(layer.file()).isEqualTo(server.nbd("x"));
                assertThat(layer.virtualSize())
                        .as("the guest's disk does not grow")
                        .isEqualTo(16 << 20);
                assertThat(layer.type()).isEqualTo(SourceType.NETWORK);
            });
            io.write(3 << 20, 1 << 20, 0x33);
            assertThat(server.holds("x", 1 << 20, 1 << 20, 0x22)).isTrue();
            assertThat(server.holds("x", 3 << 20, 1 << 20, 0x33)).isTrue();

            // and home again
            copies.run(Copies.to(bench.file("home.qcow2"), Ending.PIVOT));
            assertThat(bench.chain("vda")).containsExactly("home.qcow2");
            bench.vm.quit();
            QemuImg.check(bench.file("home.qcow2"), "qcow2");
        }
    }

    @ParameterizedTest
    @CsvSource({"raw,24", "qcow2,24", "raw,16"})
    void a_device_takes_the_guest(String format, int megabytes) throws IOException {
        try (Bench bench = Bench.start(QemuVm.builder()
                .guest()
                .disk(DiskSpec.blockdev("base").qdev("vda").size("16M")))) {
            bench.vm.awaitGuestUp();
            bench.vm.awaitGuestWrites(8);
            Path file = bench.file("device");
            try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
                image.setLength((long) megabytes << 20);
            }
            Optional<LoopDevice> device = LoopDevice.on(file);
            assumeTrue(device.isPresent(), "no loop device to be had");
            try (LoopDevice loop = device.orElseThrow()) {
                new Copies(bench, state)
                        .run(Copies.to(loop.path(), Ending.PIVOT).format(format).overwriteDevice(true));

                assertThat(bench.disk("vda").layers()).singleElement().satisfies(layer -> {
                    assertThat(layer.file()).isEqualTo(loop.path().toString());
                    assertThat(layer.virtualSize()).isEqualTo(16 << 20);
                    assertThat(layer.type()).isEqualTo(SourceType.BLOCK);
                });
                bench.vm.awaitGuestWrites(8);
                long counted = bench.vm.guestCounter();
                bench.vm.quit();
                assertThat(GuestDisk.verify(loop.path(), format)).isGreaterThanOrEqualTo(counted - 1);
            }
        }
    }

    @Test
    void throttling_above_the_image_outlives_the_pivot() {
        try (Bench bench = Bench.start(QemuVm.builder().args("-object", "throttle-group,id=tg,x-iops-total=100000"))) {
            Path image = bench.file("base.qcow2");
            QemuImg.create(image, "qcow2", "16M");
            bench.vm
                    .control()
                    .execute(
                            "blockdev-add",
                            Map.of(
                                    "driver",
                                    "qcow2",
                                    "node-name",
                                    "base",
                                    "file",
                                    Map.of("driver", "file", "filename", image.toString())));
            bench.vm
                    .control()
                    .execute(
                            "blockdev-add",
                            Map.of(
                                    "driver",
                                    "throttle",
                                    "node-name",
                                    "throttle0",
                                    "throttle-group",
                                    "tg",
                                    "file",
                                    "base"));
            bench.vm
                    .control()
                    .execute("device_add", Map.of("driver", "virtio-blk-pci", "id", "vda", "drive", "throttle0"));

            new Copies(bench, state).run(Copies.to(bench.file("copy.qcow2"), Ending.PIVOT));

            Disk disk = bench.disk("vda");
            assertThat(disk.rootNode()).isEqualTo(new NodeName("throttle0"));
            assertThat(Bench.names(disk)).containsExactly("copy.qcow2");
        }
    }

    @Test
    void a_copy_goes_past_the_page_cache_where_the_disk_does_and_tells_of_bitmaps_that_stay() {
        Path image = state.resolve("base.qcow2");
        QemuImg.create(image, "qcow2", "16M");
        try (Bench bench = Bench.start(QemuVm.builder()
                .args("-drive", "if=none,id=base,format=qcow2,cache=none,file=" + image)
                .args("-device", "virtio-blk-pci,drive=base,id=vda"))) {
            bench.vm.control().execute("block-dirty-bitmap-add", Map.of("node", "base", "name", "b0"));
            Copies copies = new Copies(bench, state);
            Path copy = state.resolve("copy.qcow2");

            CopyPlan plan = copies.plan(Copies.to(copy, Ending.PIVOT));
            copies.start(plan).result();

            assertThat(plan.notes()).singleElement().asString().contains("b0", "full");
            for (var node : bench.vm.control().execute("query-named-block-nodes")) {
                if (node.path("node-name").asText().startsWith("vda-copy")) {
                    assertThat(node.at("/cache/direct").asBoolean()).isTrue();
                }
            }
            assertThat(Bench.names(bench.disk("vda"))).containsExactly("copy.qcow2");
        }
    }

    @Test
    void a_mirror_that_is_left_to_itself_is_ended_by_whoever_comes() {
        try (Bench bench = Bench.start(DiskSpec.drive("base").qdev("vda").size("16M"))) {
            Copies copies = new Copies(bench, state);

            OperationResult result = copies.run(Copies.to(bench.file("copy.qcow2"), Ending.MIRROR));

            assertThat(bench.graph().jobs()).singleElement().satisfies(job -> {
                assertThat(job.id()).isEqualTo(new JobId("copy-vda"));
                assertThat(job.status()).isEqualTo(JobStatus.READY);
            });
            assertThat(result.end()).isEqualTo(OperationResult.End.DONE);
            bench.vm.control().execute("job-complete", Map.of("id", "copy-vda"));
            bench.vm
                    .control()
                    .awaitEvent(
                            "JOB_STATUS_CHANGE",
                            data -> data.path("status").asText().equals("concluded")
                                    && data.path("id").asText().equals("copy-vda"),
                            Duration.ofSeconds(60));
            assertThat(bench.chain("vda")).containsExactly("copy.qcow2");
        }
    }
}
