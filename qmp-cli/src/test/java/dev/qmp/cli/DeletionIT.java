package dev.qmp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.cli.Cli.Result;
import dev.qmp.fixtures.qemu.DiskSpec;
import dev.qmp.fixtures.qemu.GuestDisk;
import dev.qmp.fixtures.qemu.QemuImg;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots of two disks discarded while the guest writes: whatever their place, the guest keeps what it has. */
@RequiresQemu
class DeletionIT {

    private static final List<String> DISKS = List.of("vda", "vdb");

    @TempDir
    private Path temp;

    private Cli cli;
    private QemuVm vm;
    private String target;

    @BeforeEach
    void start() {
        cli = Cli.in(temp);
        vm = QemuVm.builder()
                .guest()
                .disk(DiskSpec.blockdev("d0").qdev("vda"))
                .disk(DiskSpec.drive("d1").qdev("vdb"))
                .start();
        vm.awaitGuestUp();
        target = Machines.target(vm);
        for (String name : List.of("snap1", "snap2", "snap3")) {
            vm.awaitGuestWrites(4);
            cli.ok("snapshot", "create", target, name);
        }
        vm.awaitGuestWrites(4);
    }

    @AfterEach
    void stop() {
        vm.close();
    }

    private List<String> chain(String disk) {
        return Machines.files(cli.json("chain", target, disk));
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        cli.json("snapshot", "list", target)
                .forEach(s -> names.add(s.path("name").asText()));
        return names;
    }

    private void contentIsWhole() {
        List<String> active = DISKS.stream().map(disk -> chain(disk).get(0)).toList();
        vm.awaitGuestWrites(4);
        vm.quit();
        for (String file : active) {
            GuestDisk.verify(Path.of(file), "qcow2");
            QemuImg.check(Path.of(file), "qcow2");
        }
    }

    @Test
    void one_in_the_middle_goes_on_all_disks_and_the_others_stay() {
        for (String how : List.of("pull", "commit")) {
            String name = how.equals("pull") ? "snap2" : "snap3";
            List<String> before = chain("vda");

            JsonNode done = cli.json("snapshot", "delete", target, name, "--how", how);

            assertThat(done.path("disks")).hasSize(2);
            assertThat(done.path("disks").get(0).path("how").asText()).isEqualTo(how);
            assertThat(done.path("removed")).hasSize(2).allMatch(file -> !Files.exists(Path.of(file.asText())));
            assertThat(chain("vda")).hasSize(before.size() - 1);
            assertThat(chain("vdb")).hasSize(before.size() - 1);
            assertThat(names()).doesNotContain(name);
        }
        assertThat(names()).containsExactly("snap1");
        JsonNode left = cli.json("snapshot", "list", target).get(0);
        assertThat(left.path("current").asBoolean())
                .as("the records follow the images")
                .isTrue();
        assertThat(cli.json("operations", "list", target)).isEmpty();
        contentIsWhole();
    }

    @Test
    void the_last_one_is_discarded_and_its_space_is_free_for_a_new_one_of_the_same_name() {
        Result done = cli.ok("snapshot", "delete", target, "snap3", "--how", "commit");

        assertThat(done.out()).startsWith("deleted snapshot snap3\n");
        assertThat(done.err()).contains("start it with that file next time");
        assertThat(chain("vda")).hasSize(3);
        assertThat(names()).containsExactly("snap1", "snap2");
        cli.ok("snapshot", "create", target, "snap3");
        assertThat(names()).containsExactly("snap1", "snap2", "snap3");
        contentIsWhole();
    }

    @Test
    void with_its_children_all_that_was_taken_since_goes_and_the_guest_keeps_what_it_has() {
        JsonNode done = cli.json("snapshot", "delete", target, "snap1", "--children");

        assertThat(done.path("disks")).hasSize(2);
        assertThat(names()).isEmpty();
        assertThat(chain("vda")).hasSize(1);
        assertThat(chain("vdb")).hasSize(1);
        contentIsWhole();
    }

    @Test
    void the_way_that_moves_fewer_bytes_is_taken() {
        vm.io("d0").write(8 << 20, 4 << 20, 0x55);
        JsonNode done = cli.json("snapshot", "delete", target, "snap3");

        JsonNode disks = done.path("disks");
        JsonNode vda = disks.get(disks.get(0).path("disk").asText().equals("vda") ? 0 : 1);
        assertThat(vda.path("how").asText())
                .as("the overlay has 4 MiB, the layer below next to nothing")
                .isEqualTo("pull");
        assertThat(vda.path("bytes").asLong()).isLessThan(4 << 20);
        contentIsWhole();
    }

    @Test
    void files_that_are_to_be_kept_are_kept_and_a_dry_run_does_nothing() {
        List<String> before = chain("vda");
        Result dry = cli.ok("snapshot", "delete", target, "snap2", "--dry-run");
        assertThat(dry.lines()).hasSizeGreaterThan(3).allMatch(line -> line.startsWith("{\"execute\":"));
        assertThat(chain("vda")).isEqualTo(before);
        assertThat(names()).contains("snap2");

        cli.ok("snapshot", "delete", target, "snap2", "--keep-files");

        assertThat(before).allMatch(file -> Files.exists(Path.of(file)));
        assertThat(chain("vda")).hasSize(3);
        contentIsWhole();
    }

    @Test
    void an_image_that_another_overlay_needs_is_neither_written_to_nor_removed() {
        String frozen = chain("vda").get(1);
        Path other = Path.of(frozen).resolveSibling("other.qcow2");
        QemuImg.createOverlay(other, Path.of(frozen), "qcow2");

        Result refused = cli.run("snapshot", "delete", target, "snap3", "--how", "commit");
        assertThat(refused.status()).isEqualTo(5);
        assertThat(refused.err()).contains(other + " is an overlay of " + frozen);

        Result pulled = cli.ok("snapshot", "delete", target, "snap3");
        assertThat(pulled.err()).contains(frozen + " was kept: " + other + " is an overlay of " + frozen);
        assertThat(Path.of(frozen)).exists();
        QemuImg.check(other, "qcow2");
        contentIsWhole();
    }

    @Test
    void a_snapshot_that_is_not_there_is_no_reason_to_do_anything() {
        Result refused = cli.run("snapshot", "delete", target, "snap9");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).contains("no snapshot 'snap9'").contains("snap1, snap2, snap3");
        assertThat(cli.run("snapshot", "delete", target, "snap2", "--how", "magic")
                        .status())
                .isEqualTo(2);
    }

    @Test
    void virsh_words_do_the_same() {
        assertThat(cli.ok("snapshot-delete", target, "snap2").out()).isEqualTo("Domain snapshot snap2 deleted\n");
        assertThat(names()).containsExactly("snap1", "snap3");
        assertThat(cli.ok("snapshot-delete", target, "snap3", "--metadata").out())
                .isEqualTo("Domain snapshot snap3 deleted\n");
        assertThat(names()).containsExactly("snap1");
        assertThat(chain("vda")).hasSize(3);
        assertThat(cli.ok("snapshot-delete", target, "snap1", "--children-only").out())
                .isEqualTo("Domain snapshot snap1 children deleted\n");
        assertThat(names()).containsExactly("snap1");
        contentIsWhole();
    }
}
