package dev.qmp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.cli.Cli.Result;
import dev.qmp.fixtures.qemu.DiskSpec;
import dev.qmp.fixtures.qemu.QemuImg;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.ReferenceImage;
import dev.qmp.fixtures.qemu.RequiresQemu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A guest with three disks taken back to snapshots, and forward again, without a restart of its QEMU. */
@RequiresQemu
class RevertIT {

    private static final int SIZE = 8 << 20;
    private static final List<String> DISKS = List.of("vda", "vdb", "sda");

    @TempDir
    private Path temp;

    private Cli cli;
    private QemuVm vm;
    private String target;
    private ReferenceImage atSnap1;

    @BeforeEach
    void start() {
        cli = Cli.in(temp);
        String size = Integer.toString(SIZE);
        vm = QemuVm.builder()
                .disk(DiskSpec.drive("d0").qdev("vda").size(size))
                .disk(DiskSpec.blockdev("d1").qdev("vdb").size(size))
                .disk(DiskSpec.blockdev("d2").qdev("sda").device("scsi-hd").size(size))
                .start();
        target = Machines.target(vm);
        atSnap1 = ReferenceImage.create(temp.resolve("reference"), SIZE);
        vm.io("d0").alsoTo(atSnap1).write(0, 65536, 0x11);
        cli.ok("snapshot", "create", target, "snap1");
        vm.io("d0").write(0, 65536, 0x22);
        cli.ok("snapshot", "create", target, "snap2");
        vm.io("d0").write(0, 65536, 0x33);
    }

    @AfterEach
    void stop() {
        vm.close();
    }

    private List<String> chain(String disk) {
        return Machines.files(cli.json("chain", target, disk));
    }

    @Test
    void one_command_takes_all_disks_back_and_leaves_the_images_as_they_are() throws IOException {
        List<String> left = chain("vda");
        byte[] frozen = Files.readAllBytes(Path.of(left.get(2)));
        byte[] branch = Files.readAllBytes(Path.of(left.get(1)));
        long pid = vm.pid();

        Result done = cli.ok("snapshot", "revert", target, "snap1");

        assertThat(done.out()).startsWith("the guest is back at snapshot snap1, reset and running\n");
        assertThat(done.err()).contains("what vda was until now is kept in " + left.get(0));
        for (String disk : DISKS) {
            assertThat(chain(disk)).as(disk).hasSize(2);
        }
        assertThat(chain("vda").get(1)).isEqualTo(left.get(2));
        assertThat(vm.pid()).isEqualTo(pid);
        assertThat(vm.isAlive()).isTrue();
        assertThat(cli.json("status", target).path("state").asText()).isEqualTo("running");
        assertThat(cli.json("operations", "list", target)).isEmpty();
        assertThat(cli.json("job", "list", target)).isEmpty();
        Path active = Path.of(chain("vda").get(0));
        vm.quit();
        assertThat(atSnap1.sameAs(active, "qcow2"))
                .as("the disk is what it was")
                .isTrue();
        assertThat(Files.readAllBytes(Path.of(left.get(2)))).isEqualTo(frozen);
        assertThat(Files.readAllBytes(Path.of(left.get(1)))).isEqualTo(branch);
        QemuImg.check(active, "qcow2");
    }

    @Test
    void back_and_forth_ten_times_and_the_tree_branches() {
        String forward = chain("vda").get(1);
        for (int i = 0; i < 10; i++) {
            cli.ok("snapshot", "revert", target, "snap1");
            assertThat(chain("vda")).hasSize(2);
            cli.ok("snapshot", "revert", target, "snap2");
            assertThat(chain("vda")).hasSize(3).contains(forward);
        }
        assertThat(cli.json("snapshot", "list", target).get(1).path("current").asBoolean())
                .isTrue();
        cli.ok("snapshot", "revert", target, "snap1");
        cli.ok("snapshot", "create", target, "other");

        JsonNode snapshots = cli.json("snapshot", "list", target);

        assertThat(snapshots.get(2).path("name").asText()).isEqualTo("other");
        assertThat(snapshots.get(2).path("parent").asText()).isEqualTo("snap1");
        assertThat(snapshots.get(2).path("current").asBoolean()).isTrue();
        assertThat(Machines.tree(cli, target))
                .anyMatch(line -> line.contains("the way on after going back to snap1"))
                .anyMatch(line -> line.endsWith("other  in chain, current"));
        cli.ok("snapshot", "delete", target, "other");
        assertThat(chain("vda")).hasSize(2);
    }

    @Test
    void a_branch_that_was_left_is_not_taken_for_merged_when_the_images_below_it_are() {
        cli.ok("snapshot", "revert", target, "snap2");
        cli.ok("snapshot", "delete", target, "snap1", "--how", "pull");

        JsonNode left = cli.json("snapshot", "list", target).get(0);

        assertThat(left.path("name").asText()).isEqualTo("snap2");
        assertThat(left.path("disks").get(0).path("state").asText()).isEqualTo("elsewhere");
    }

    @Test
    void it_stays_paused_where_that_is_wanted_and_the_file_is_the_users_choice() {
        String file = vm.folder().resolve("back.qcow2").toString();

        JsonNode done = cli.json("snapshot", "revert", target, "snap1", "--keep-paused", "--disk", "vda=" + file);

        assertThat(done.path("disks")).hasSize(3);
        assertThat(chain("vda").get(0)).isEqualTo(file);
        assertThat(cli.json("status", target).path("state").asText()).isNotEqualTo("running");
    }

    @Test
    void where_one_disk_cannot_go_back_none_does() throws IOException {
        List<List<String>> before = DISKS.stream().map(this::chain).toList();
        Path frozen = Path.of(chain("sda").get(2));
        Files.move(frozen, frozen.resolveSibling("hidden"));
        cli.ok("snapshot", "revert", target, "snap2");
        Files.move(frozen.resolveSibling("hidden"), frozen);
        cli.ok("snapshot", "revert", target, "snap1");
        Path lost = Path.of(before.get(2).get(1));
        Files.delete(lost);

        Result refused = cli.run("snapshot", "revert", target, "snap2");

        assertThat(refused.status()).isEqualTo(5);
        assertThat(refused.err()).contains(lost + " is gone");
        for (String disk : DISKS) {
            assertThat(chain(disk)).as(disk).hasSize(2);
        }
        assertThat(cli.json("status", target).path("state").asText()).isEqualTo("running");
    }

    @Test
    void an_overlay_that_exists_is_not_emptied_and_a_dry_run_does_nothing() throws IOException {
        Path taken = Files.writeString(vm.folder().resolve("taken.qcow2"), "mine");
        Result refused = cli.run("snapshot", "revert", target, "snap1", "--disk", "vda=" + taken);
        assertThat(refused.status()).isEqualTo(5);
        assertThat(refused.err()).contains(taken.toString());
        assertThat(taken).hasContent("mine");

        Result dry = cli.ok("snapshot", "revert", target, "snap1", "--dry-run");
        assertThat(dry.lines())
                .anyMatch(line -> line.contains("qom-set"))
                .anyMatch(line -> line.contains("system_reset"));
        assertThat(chain("vda")).hasSize(3);
        assertThat(cli.run("snapshot", "revert", target, "snap9").status()).isEqualTo(1);
    }

    @Test
    void virsh_words_do_the_same() {
        assertThat(cli.ok("snapshot-revert", target, "snap1").out()).isEqualTo("Domain snapshot snap1 reverted\n");
        assertThat(chain("vda")).hasSize(2);
        assertThat(cli.ok("snapshot-info", target, "snap1").lines())
                .contains("Name:           snap1", "Current:        yes", "Children:       1", "Parent:         -");
    }
}
