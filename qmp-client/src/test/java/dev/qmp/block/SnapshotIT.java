package dev.qmp.block;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.Await;
import dev.qmp.block.SnapshotRequest.Existing;
import dev.qmp.error.CommandFailedException;
import dev.qmp.fixtures.qemu.DiskSpec;
import dev.qmp.fixtures.qemu.GuestDisk;
import dev.qmp.fixtures.qemu.QemuImg;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a snapshot does to a real QEMU's disks, and what it leaves alone. Its guards are in {@link SnapshotGuardsIT}. */
@RequiresQemu
@Timeout(120)
class SnapshotIT {

    @ParameterizedTest
    @MethodSource("dev.qmp.block.DiskShapes#all")
    void three_snapshots_of_a_disk_that_is_written_to_make_a_chain_and_lose_no_write(DiskSpec spec) {
        String base = "base." + spec.format();
        try (Bench bench = Bench.start(QemuVm.builder().guest().disk(spec))) {
            bench.vm.awaitGuestUp();
            for (String name : List.of("snap1", "snap2", "snap3")) {
                bench.vm.awaitGuestWrites(4);
                bench.snapshot(name, "vda");
            }
            bench.vm.awaitGuestWrites(4);

            Disk disk = bench.disk("vda");
            assertThat(Bench.names(disk))
                    .containsExactly("base.snap3.qcow2", "base.snap2.qcow2", "base.snap1.qcow2", base);
            assertThat(disk.layers())
                    .extracting(layer -> layer.node().value())
                    .startsWith("vda-snap3", "vda-snap2", "vda-snap1");
            assertThat(disk.layers())
                    .extracting(Layer::format)
                    .containsExactly("qcow2", "qcow2", "qcow2", spec.format());

            long counted = bench.vm.guestCounter();
            bench.vm.quit();
            Path active = bench.file("base.snap3.qcow2");
            assertThat(QemuImg.chain(active))
                    .extracting(layer -> Paths.base(layer.path("filename").asText()))
                    .containsExactlyElementsOf(Bench.names(disk));
            QemuImg.check(active, "qcow2");
            assertThat(GuestDisk.verify(active, "qcow2")).isGreaterThanOrEqualTo(counted - 1);
        }
    }

    @Test
    void the_result_says_what_froze_what_is_written_to_and_when() {
        try (Bench bench = Bench.start(DiskSpec.drive("drive0").qdev("vda"))) {
            Instant before = Instant.now();
            SnapshotResult result = bench.snapshot("monday", "drive0");

            SnapshotPlan.Entry entry = result.plan().disks().get(0);
            assertThat(result.plan().name()).isEqualTo("monday");
            assertThat(result.createdAt()).isBetween(before, Instant.now());
            assertThat(entry.base().file()).isEqualTo(bench.file("drive0.qcow2").toString());
            assertThat(entry.overlay())
                    .isEqualTo(bench.file("drive0.monday.qcow2").toString());
            assertThat(result.graph().disk("vda").active().orElseThrow().node()).isEqualTo(entry.node());
        }
    }

    @Test
    void without_targets_all_writable_disks_are_taken_and_no_cd_no_empty_drive_and_no_read_only_one(
            @org.junit.jupiter.api.io.TempDir Path folder) throws IOException {
        Path cd = folder.resolve("cd.iso");
        Files.write(cd, new byte[1 << 20]);
        Path frozen = folder.resolve("frozen.qcow2");
        QemuImg.create(frozen, "qcow2", "4M");
        try (Bench bench = Bench.start(
                DiskSpec.drive("drive0").qdev("vda"),
                DiskSpec.blockdev("data").qdev("vdb").format("raw"),
                DiskSpec.drive("ro").existing(frozen).asReadOnly(),
                DiskSpec.cdrom("cd0", cd),
                DiskSpec.emptyCdrom("cd1"))) {
            SnapshotResult result = bench.snapshot("all");

            assertThat(result.plan().disks())
                    .extracting(entry -> entry.disk().name())
                    .containsExactlyInAnyOrder("vda", "vdb");
            assertThat(bench.chain("vda")).containsExactly("drive0.all.qcow2", "drive0.qcow2");
            assertThat(bench.chain("vdb")).containsExactly("data.all.qcow2", "data.raw");
        }
    }

    @Test
    void several_disks_are_taken_in_one_transaction_at_one_moment() {
        QemuVm.Builder three = QemuVm.builder()
                .guest()
                .disk(DiskSpec.drive("d0").qdev("vda"))
                .disk(DiskSpec.blockdev("d1").qdev("vdb"))
                .disk(DiskSpec.drive("d2").qdev("vdc").format("raw"));
        try (Bench bench = Bench.start(three)) {
            bench.vm.awaitGuestUp();
            bench.vm.awaitGuestWrites(8);
            SnapshotResult result = bench.snapshot("s");
            bench.vm.awaitGuestWrites(8);

            assertThat(result.plan().command().commandName()).isEqualTo("transaction");
            bench.vm.quit();
            long first = GuestDisk.verify(bench.file("d0.qcow2"), "qcow2");
            // The guest writes the disks one after the other: they are at most one write apart.
            assertThat(GuestDisk.verify(bench.file("d1.qcow2"), "qcow2")).isBetween(first - 1, first);
            assertThat(GuestDisk.verify(bench.file("d2.raw"), "raw")).isBetween(first - 1, first);
            for (String overlay : List.of("d0.s.qcow2", "d1.s.qcow2", "d2.s.qcow2")) {
                assertThat(GuestDisk.verify(bench.file(overlay), "qcow2")).isGreaterThan(first);
            }
        }
    }

    @Test
    void a_refused_transaction_removes_exactly_the_overlays_that_it_has_created() throws IOException {
        try (Bench bench = Bench.start(
                DiskSpec.drive("d0").qdev("vda"),
                DiskSpec.drive("d1").qdev("vdb"),
                DiskSpec.drive("d2").qdev("vdc"))) {
            Path bystander = bench.file("bystander.qcow2");
            QemuImg.createOverlay(bystander, bench.vm.image("d0"), "qcow2");
            byte[] bystandersBytes = Files.readAllBytes(bystander);
            SnapshotPlan plan = bench.plan(Bench.request(
                    "s",
                    Existing.REFUSE,
                    "vda=" + bench.file("a.qcow2"),
                    "vdb=" + bench.file("nodir/b.qcow2"),
                    "vdc=" + bench.file("c.qcow2")));
            Path late = Files.writeString(bench.file("c.qcow2"), "somebody made this after the check");

            CommandFailedException refusal = Await.failure(bench.block.run(plan), CommandFailedException.class);

            assertThat(refusal.desc())
                    .isEqualTo("Could not create '" + bench.file("nodir/b.qcow2") + "': No such file or directory");
            assertThat(refusal.hint().orElseThrow()).contains("create the folder " + bench.file("nodir"));
            assertThat(bench.file("a.qcow2")).as("created by this call").doesNotExist();
            assertThat(late).hasContent("somebody made this after the check");
            assertThat(bystander).hasBinaryContent(bystandersBytes);
            assertThat(bench.vm.image("d0")).exists();
            for (String disk : List.of("vda", "vdb", "vdc")) {
                assertThat(bench.disk(disk).layers()).hasSize(1);
            }
        }
    }

    @Test
    void a_refused_reuse_removes_nothing() throws IOException {
        try (Bench bench = Bench.start(
                DiskSpec.drive("d0").qdev("vda"), DiskSpec.drive("d1").qdev("vdb"))) {
            Path a = bench.file("a.qcow2");
            Path b = bench.file("b.qcow2");
            QemuImg.createOverlay(a, bench.vm.image("d0"), "qcow2");
            QemuImg.createOverlay(b, bench.vm.image("d1"), "qcow2");
            byte[] bytes = Files.readAllBytes(a);
            SnapshotPlan plan = bench.plan(Bench.request("s", Existing.REUSE, "vda=" + a, "vdb=" + b));
            Files.delete(b);

            CommandFailedException refusal = Await.failure(bench.block.run(plan), CommandFailedException.class);

            assertThat(refusal.desc()).contains("No such file or directory");
            assertThat(a).hasBinaryContent(bytes);
            assertThat(bench.disk("vda").layers()).hasSize(1);
        }
    }

    @Test
    void a_right_overlay_is_reused_with_what_is_in_it() {
        try (Bench bench = Bench.start(DiskSpec.drive("d0").qdev("vda").format("raw"))) {
            Path overlay = bench.file("mine.qcow2");
            QemuImg.createOverlay(overlay, bench.vm.image("d0"), "raw");

            bench.snapshot(Bench.request("s", Existing.REUSE, "vda=" + overlay));

            assertThat(bench.chain("vda")).containsExactly("mine.qcow2", "d0.raw");
            bench.vm.quit();
            JsonNode header = QemuImg.info(overlay);
            assertThat(header.path("backing-filename").asText())
                    .isEqualTo(bench.vm.image("d0").toString());
            assertThat(header.path("backing-filename-format").asText()).isEqualTo("raw");
        }
    }

    @Test
    void a_file_is_overwritten_where_that_was_asked_for() throws IOException {
        try (Bench bench = Bench.start(DiskSpec.drive("d0").qdev("vda"))) {
            Path overlay = Files.writeString(bench.file("old.qcow2"), "of no use to anybody");

            bench.snapshot(Bench.request("s", Existing.OVERWRITE, "vda=" + overlay));

            assertThat(bench.chain("vda")).containsExactly("old.qcow2", "d0.qcow2");
            assertThat(bench.chainOnDisk("vda")).containsExactly("old.qcow2", "d0.qcow2");
        }
    }

    @Test
    void the_same_name_every_night_gives_names_that_do_not_grow() {
        try (Bench bench = Bench.start(DiskSpec.drive("d0").qdev("vda"))) {
            bench.snapshot("mon", "vda");
            bench.snapshot("tue", "vda");
            bench.snapshot("wed", "vda");

            assertThat(bench.chain("vda")).containsExactly("d0.wed.qcow2", "d0.tue.qcow2", "d0.mon.qcow2", "d0.qcow2");
        }
    }
}
