package dev.qmp.block;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.block.SnapshotRequest.Existing;
import dev.qmp.error.UnsafeOperationException;
import dev.qmp.fixtures.qemu.DiskSpec;
import dev.qmp.fixtures.qemu.QemuImg;
import dev.qmp.fixtures.qemu.RequiresQemu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each guard of a snapshot, on a real QEMU that would have let the mistake pass or have told it badly. */
@RequiresQemu
@Timeout(120)
class SnapshotGuardsIT {

    @TempDir
    Path folder;

    private Bench bench;

    @BeforeEach
    void start() throws IOException {
        Path cd = folder.resolve("cd.iso");
        Files.write(cd, new byte[1 << 20]);
        Path frozen = folder.resolve("frozen.qcow2");
        QemuImg.create(frozen, "qcow2", "4M");
        bench = Bench.start(
                DiskSpec.drive("d0").qdev("vda"),
                DiskSpec.blockdev("d1").qdev("vdb").format("raw"),
                DiskSpec.drive("ro").qdev("vdr").existing(frozen).asReadOnly(),
                DiskSpec.cdrom("cd0", cd).qdev("cd"),
                DiskSpec.emptyCdrom("cd1").qdev("cdempty"));
    }

    /** Whatever a guard refuses, the guest's disks are as they were. */
    @AfterEach
    void nothing_was_changed() {
        try (Bench used = bench) {
            assertThat(used.disk("vda").layers()).hasSizeLessThanOrEqualTo(2);
            assertThat(used.vm.control().execute("query-named-block-nodes").findValuesAsText("node-name"))
                    .as("no node of a check is left")
                    .noneMatch(node -> node.startsWith("qmp-probe"));
        }
    }

    private UnsafeOperationException refusedReuse(Path overlay) {
        return bench.refused(Bench.request("s", Existing.REUSE, "vda=" + overlay));
    }

    private UnsafeOperationException refusedOverwrite(Path overlay) {
        return bench.refused(Bench.request("s", Existing.OVERWRITE, "vda=" + overlay));
    }

    @Test
    void an_overlay_that_exists_is_refused_and_keeps_its_content() throws IOException {
        Path precious = Files.writeString(bench.file("d0.s.qcow2"), "precious");

        UnsafeOperationException refusal = bench.refused("s", "vda");

        assertThat(refusal.check()).isEqualTo("overlay-exists");
        assertThat(refusal).hasMessageContaining(precious.toString());
        assertThat(refusal.hint().orElseThrow()).contains("reused", "overwritten");
        assertThat(precious).hasContent("precious");
    }

    @Test
    void an_overlay_that_exists_for_one_disk_refuses_all_disks() throws IOException {
        Path precious = Files.writeString(bench.file("d1.s.qcow2"), "precious");

        assertThat(bench.refused("s", "vda", "vdb").check()).isEqualTo("overlay-exists");
        assertThat(bench.file("d0.s.qcow2")).doesNotExist();
        assertThat(precious).hasContent("precious");
    }

    @Test
    void a_link_that_leads_nowhere_counts_as_existing() throws IOException {
        Files.createSymbolicLink(bench.file("link.qcow2"), bench.file("nowhere"));

        UnsafeOperationException refusal = bench.refused("s", "vda=" + bench.file("link.qcow2"));

        assertThat(refusal.check()).isEqualTo("overlay-exists");
        assertThat(refusal).hasMessageContaining("a symbolic link");
    }

    @Test
    void a_reused_overlay_of_another_size_is_refused() {
        Path small = bench.file("small.qcow2");
        QemuImg.run(
                "create",
                "-q",
                "-f",
                "qcow2",
                "-F",
                "qcow2",
                "-b",
                bench.vm.image("d0").toString(),
                small + "",
                "32M");

        UnsafeOperationException refusal = refusedReuse(small);

        assertThat(refusal.check()).isEqualTo("overlay-size");
        assertThat(refusal).hasMessageContaining("33554432").hasMessageContaining("67108864");
        assertThat(refusal.hint().orElseThrow()).contains("qemu-img create -f qcow2 -F qcow2 -b");
    }

    @Test
    void a_reused_overlay_on_another_backing_file_is_refused() {
        Path other = bench.file("other.qcow2");
        QemuImg.create(other, "qcow2", "64M");
        Path overlay = bench.file("wrong.qcow2");
        QemuImg.createOverlay(overlay, other, "qcow2");

        UnsafeOperationException refusal = refusedReuse(overlay);

        assertThat(refusal.check()).isEqualTo("overlay-backing");
        assertThat(refusal)
                .hasMessageContaining(other.toString())
                .hasMessageContaining(bench.vm.image("d0").toString());
        assertThat(refusal.hint().orElseThrow()).contains("qemu-img rebase -u");
    }

    @Test
    void a_reused_overlay_without_a_backing_file_is_refused() {
        Path overlay = bench.file("alone.qcow2");
        QemuImg.create(overlay, "qcow2", "64M");

        UnsafeOperationException refusal = refusedReuse(overlay);

        assertThat(refusal.check()).isEqualTo("overlay-backing");
        assertThat(refusal).hasMessageContaining("no backing file");
    }

    @Test
    void a_reused_overlay_that_takes_its_backing_file_for_another_format_is_refused() {
        Path overlay = bench.file("format.qcow2");
        QemuImg.createOverlay(overlay, bench.vm.image("d0"), "qcow2");
        QemuImg.rebaseUnsafe(overlay, bench.vm.image("d0"), "raw");

        assertThat(refusedReuse(overlay).check()).isEqualTo("overlay-backing-format");
    }

    @Test
    void a_reused_overlay_that_is_no_qcow2_is_refused_in_qemus_words() throws IOException {
        Path overlay = bench.file("plain.img");
        Files.write(overlay, new byte[1 << 20]);

        UnsafeOperationException refusal = refusedReuse(overlay);

        assertThat(refusal.check()).isEqualTo("overlay-format");
        assertThat(refusal).hasMessageContaining("Image is not in qcow2 format");
    }

    @Test
    void a_reused_overlay_that_is_missing_is_refused() {
        assertThat(refusedReuse(bench.file("missing.qcow2")).check()).isEqualTo("overlay-missing");
    }

    @Test
    void the_advice_for_a_wrong_overlay_makes_a_right_one() {
        Path overlay = bench.file("alone.qcow2");
        QemuImg.create(overlay, "qcow2", "64M");
        refusedReuse(overlay);
        QemuImg.rebaseUnsafe(overlay, bench.vm.image("d0"), "qcow2");

        bench.snapshot(Bench.request("s", Existing.REUSE, "vda=" + overlay));

        assertThat(bench.chain("vda")).containsExactly("alone.qcow2", "d0.qcow2");
    }

    @Test
    void a_file_in_use_is_not_overwritten() {
        UnsafeOperationException own = refusedOverwrite(bench.vm.image("d0"));
        UnsafeOperationException anothers = refusedOverwrite(bench.vm.image("d1"));

        assertThat(own.check()).isEqualTo("overlay-in-use");
        assertThat(anothers.check()).isEqualTo("overlay-in-use");
    }

    @Test
    void a_file_below_in_the_chain_is_not_overwritten() {
        bench.snapshot("one", "vda");

        assertThat(refusedOverwrite(bench.vm.image("d0")).check()).isEqualTo("overlay-in-use");
    }

    @Test
    void a_file_in_use_is_not_overwritten_by_way_of_a_link() throws IOException {
        Path symbolic = Files.createSymbolicLink(folder.resolve("symbolic.qcow2"), bench.vm.image("d1"));
        Path hard = Files.createLink(bench.file("hard.raw"), bench.vm.image("d1"));
        Path around = bench.vm.folder().resolve("run/../d1.raw");

        assertThat(refusedOverwrite(symbolic).check()).isEqualTo("overlay-in-use");
        assertThat(refusedOverwrite(hard).check()).isEqualTo("overlay-in-use");
        assertThat(refusedOverwrite(around).check()).isEqualTo("overlay-in-use");
        assertThat(refusedReuse(symbolic).check()).isEqualTo("overlay-in-use");
    }

    @Test
    void a_folder_and_a_device_are_not_overwritten() throws IOException {
        Path inTheWay = Files.createDirectory(bench.file("folder"));

        assertThat(refusedOverwrite(inTheWay).check()).isEqualTo("overlay-not-a-file");
        assertThat(refusedOverwrite(Path.of("/dev/null")).check()).isEqualTo("overlay-not-a-file");
    }

    @Test
    void a_cd_a_read_only_disk_and_an_empty_drive_are_refused_each_by_its_name() {
        assertThat(bench.refused("s", "cd").check()).isEqualTo("not-a-disk");
        assertThat(bench.refused("s", "vdr").check()).isEqualTo("read-only");
        assertThat(bench.refused("s", "cdempty").check()).isEqualTo("no-medium");
        assertThat(bench.refused("s", "cd")).hasMessageContaining("CD-ROM");
    }

    @Test
    void a_disk_named_twice_is_refused_by_whatever_names() {
        UnsafeOperationException refusal =
                bench.refused("s", "vda=" + bench.file("a.qcow2"), "d0=" + bench.file("b.qcow2"));

        assertThat(refusal.check()).isEqualTo("disk-twice");
    }

    @Test
    void one_overlay_for_two_disks_is_refused_by_whatever_names() {
        UnsafeOperationException refusal =
                bench.refused("s", "vda=" + bench.file("o.qcow2"), "vdb=" + bench.file("run/../o.qcow2"));

        assertThat(refusal.check()).isEqualTo("overlay-twice");
    }

    @Test
    void a_relative_overlay_is_refused() {
        assertThat(bench.refused("s", "vda=here.qcow2").check()).isEqualTo("overlay-relative");
    }

    @Test
    void an_overlay_whose_name_no_layer_above_could_hold_is_refused() {
        String name = bench.file("./".repeat(500) + "deep.qcow2").toString();

        assertThat(bench.refused("s", "vda=" + name).check()).isEqualTo("overlay-name-too-long");
    }

    @Test
    void an_unknown_disk_is_refused_with_the_disks_there_are() {
        UnsafeOperationException refusal = bench.refused("s", "vdz");

        assertThat(refusal.check()).isEqualTo("disk-not-found");
        assertThat(refusal.hint().orElseThrow()).contains("vda", "vdb");
    }

    @Test
    void a_disk_that_a_job_works_on_is_refused_and_the_job_is_named() {
        bench.vm.io("d0").write(0, 8 << 20, 0x11);
        bench.snapshot("one", "vda");
        RunningPull pull = bench.startSlow("vda", null);

        UnsafeOperationException refusal = bench.refused("two", "vda");

        assertThat(refusal.check()).isEqualTo("job-running");
        assertThat(refusal).hasMessageContaining(pull.job().id().value()).hasMessageContaining("stream");
        assertThat(refusal.hint().orElseThrow()).contains("wait for its end", "cancel it");
        assertThat(bench.plan(Bench.request("two", Existing.REFUSE, "vdb")).disks())
                .as("another disk is free")
                .hasSize(1);
    }
}
