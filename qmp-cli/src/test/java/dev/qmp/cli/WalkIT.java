package dev.qmp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.cli.Cli.Result;
import dev.qmp.fixtures.qemu.DiskSpec;
import dev.qmp.fixtures.qemu.GuestDisk;
import dev.qmp.fixtures.qemu.QemuImg;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A guest that writes without pause is snapshotted three times, and a layer is pulled out of the middle. */
@RequiresQemu
class WalkIT {

    @TempDir
    private Path temp;

    private Cli cli;

    @BeforeEach
    void makeCli() {
        cli = Cli.in(temp);
    }

    static List<DiskSpec> disks() {
        return List.of(
                DiskSpec.drive("vda").format("raw"),
                DiskSpec.drive("vda").format("qcow2"),
                DiskSpec.drive("drive0").format("qcow2").qdev("vda"),
                DiskSpec.blockdev("base-node").format("raw").qdev("vda"),
                DiskSpec.blockdev("base-node").format("qcow2").qdev("vda"));
    }

    @ParameterizedTest
    @MethodSource("disks")
    void the_walk_in_our_own_words(DiskSpec disk) {
        try (QemuVm vm = QemuVm.builder().guest().disk(disk).start()) {
            vm.awaitGuestUp();
            String target = Machines.target(vm);
            String base = vm.image(disk.id()).toString();
            String snap1 = Machines.overlay(vm, "snap1");
            String snap2 = Machines.overlay(vm, "snap2");
            String snap3 = Machines.overlay(vm, "snap3");
            vm.awaitGuestWrites(3);
            for (String file : List.of(snap1, snap2, snap3)) {
                String name = Path.of(file).getFileName().toString().replace(".qcow2", "");
                JsonNode taken = cli.json("snapshot", "create", target, name, "--disk", "vda=" + file);
                assertThat(taken.path("name").asText()).isEqualTo(name);
                assertThat(taken.at("/disks/0/overlay/file").asText()).isEqualTo(file);
                vm.awaitGuestWrites(3);
            }
            assertThat(Machines.files(cli.json("chain", target, "vda"))).containsExactly(snap3, snap2, snap1, base);
            assertThat(Machines.tree(cli, target))
                    .containsExactly("snap1  in chain", "└─ snap2  in chain", "   └─ snap3  in chain, current");

            JsonNode pulled = cli.json("pull", target, "vda", "--base", snap1);
            assertThat(pulled.at("/job/status").asText()).isEqualTo("concluded");
            assertThat(pulled.at("/job/error").isNull()).isTrue();
            assertThat(Machines.files(pulled.path("chain"))).containsExactly(snap3, snap1, base);
            vm.awaitGuestWrites(3);

            assertThat(Machines.files(cli.json("chain", target, "vda"))).containsExactly(snap3, snap1, base);
            assertThat(Machines.tree(cli, target))
                    .containsExactly(
                            "snap1  in chain",
                            "└─ snap2  merged: its data are in " + snap3,
                            "   └─ snap3  in chain, current");
            assertThat(cli.json("snapshot", "show", target, "snap2")
                            .at("/disks/0/into")
                            .asText())
                    .isEqualTo(snap3);
            assertThat(cli.json("job", "list", target)).isEmpty();
            endAndCheckFromOutside(vm, Path.of(snap3), List.of(snap3, snap1, base), disk.format());
        }
    }

    private static void endAndCheckFromOutside(QemuVm vm, Path active, List<String> chain, String baseFormat) {
        long counter = vm.guestCounter();
        vm.quit();
        List<String> seen = new ArrayList<>();
        QemuImg.chain(active).forEach(layer -> seen.add(layer.path("filename").asText()));
        assertThat(seen).isEqualTo(chain);
        QemuImg.chain(active).forEach(layer -> {
            if (layer.path("format").asText().equals("qcow2")) {
                QemuImg.check(Path.of(layer.path("filename").asText()), "qcow2");
            }
        });
        assertThat(QemuImg.chain(active).get(chain.size() - 1).path("format").asText())
                .isEqualTo(baseFormat);
        assertThat(GuestDisk.verify(active, "qcow2")).isGreaterThanOrEqualTo(counter - 1);
    }

    @Test
    void the_walk_word_for_word_as_virsh_takes_it_by_the_program_itself() {
        String name = Machines.name("walk");
        try (QemuVm vm =
                QemuVm.builder().name(name).guest().disk(DiskSpec.drive("vda")).start()) {
            vm.awaitGuestUp();
            String base = vm.image("vda").toString();
            String snap1 = Machines.overlay(vm, "snap1");
            String snap2 = Machines.overlay(vm, "snap2");
            String snap3 = Machines.overlay(vm, "snap3");
            assertThat(Program.ok(temp, "list").lines())
                    .anyMatch(line -> line.startsWith(vm.pid() + "\t" + name + "\trunning\t")
                            && line.endsWith("\tunix:" + vm.monitor()));
            assertThat(Program.ok(temp, "domblklist", name, "--details").lines())
                    .startsWith(" Type   Device   Target   Source")
                    .contains(" file   disk     vda      " + base)
                    .endsWith("");
            for (String file : List.of(snap1, snap2, snap3)) {
                String snapshot = Path.of(file).getFileName().toString().replace(".qcow2", "");
                vm.awaitGuestWrites(3);
                Result taken = Program.ok(
                        temp,
                        "snapshot-create-as",
                        name,
                        snapshot,
                        "number " + snapshot,
                        "--diskspec",
                        "vda,file=" + file,
                        "--disk-only",
                        "--atomic");
                assertThat(taken.out()).isEqualTo("Domain snapshot " + snapshot + " created\n");
            }
            assertThat(Program.ok(temp, "snapshot-list", name, "--tree").lines())
                    .containsExactly("snap1", "  |", "  +- snap2", "      |", "      +- snap3", "        ");

            Result pulled = Program.ok(
                    temp, "blockpull", "--domain", name, "--path", snap3, "--base", snap1, "--wait", "--verbose");
            assertThat(pulled.out()).isEqualTo("Pull complete\n");
            assertThat(pulled.err()).contains("Block Pull: [100 %]").doesNotContain("\u001b");
            vm.awaitGuestWrites(3);

            Result tree = Program.ok(temp, "snapshot-list", name, "--tree");
            assertThat(tree.lines()).containsExactly("snap1", "  |", "  +- snap3", "    ");
            assertThat(tree.err()).contains("virsh would still show snap2").contains("its data are in " + snap3);
            assertThat(Program.ok(temp, "blockjob", name, "vda", "--info").out())
                    .isEqualTo("No current block job for vda\n");
            endAndCheckFromOutside(vm, Path.of(snap3), List.of(snap3, snap1, base), "qcow2");
        }
    }

    @Test
    void blockjob_shows_a_job_by_disk_and_by_file_and_aborts_it() {
        try (QemuVm vm = QemuVm.builder().disk(DiskSpec.drive("vda")).start()) {
            String target = Machines.target(vm);
            vm.io("vda").write(0, 32 << 20, 0x11);
            cli.ok("snapshot-create-as", target, "s1", "--disk-only");
            Result started = cli.ok("blockpull", target, "vda", "--bandwidth", "1");
            assertThat(started.out()).isEqualTo("Block Pull started\n");
            assertThat(cli.ok("blockjob", target, "vda", "--info").out())
                    .matches("Block Pull: \\[ *\\d+ %\\]    Bandwidth limit: 1048576 bytes/s \\(1\\.000 MiB/s\\)\n");
            String active = Machines.files(cli.json("chain", target)).get(0);
            assertThat(cli.ok("blockjob", target, "--path", active, "--info", "--raw")
                            .lines())
                    .contains(" type=Block Pull", " bandwidth=1048576");
            cli.ok("blockjob", target, "vda", "2");
            assertThat(cli.json("blockjob", target, "vda").path("speed").asLong())
                    .isEqualTo(2 << 20);
            cli.ok("blockjob", target, "vda", "--abort");
            assertThat(cli.ok("blockjob", target, "vda").out()).isEqualTo("No current block job for vda\n");
            assertThat(Machines.files(cli.json("chain", target))).hasSize(2);
        }
    }

    @Test
    void every_disk_is_taken_at_one_moment_and_pulled_by_itself() {
        try (QemuVm vm = QemuVm.builder()
                .guest()
                .disk(DiskSpec.drive("vda"))
                .disk(DiskSpec.blockdev("node1").qdev("vdb"))
                .disk(DiskSpec.emptyCdrom("cd0"))
                .start()) {
            vm.awaitGuestUp();
            String target = Machines.target(vm);
            for (String name : List.of("s1", "s2")) {
                vm.awaitGuestWrites(2);
                JsonNode taken = cli.json("snapshot", "create", target, name);
                assertThat(taken.path("disks").findValuesAsText("disk")).containsExactly("vda", "vdb");
            }
            cli.ok("pull", target, "vda");
            JsonNode first = cli.json("snapshot", "list", target).path(0);
            assertThat(first.at("/disks/0/state").asText()).isEqualTo("merged");
            assertThat(first.at("/disks/1/state").asText()).isEqualTo("in-chain");
            assertThat(cli.ok("snapshot", "tree", target).lines().get(0))
                    .contains("vda: merged")
                    .contains("vdb: in chain");
        }
    }
}
