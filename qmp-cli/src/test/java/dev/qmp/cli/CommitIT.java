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
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commits of a disk of a guest that writes, in our own words and in virsh's; what is left unfinished is found again. */
@RequiresQemu
class CommitIT {

    @TempDir
    private Path temp;

    private Cli cli;
    private QemuVm vm;
    private String target;
    private String snap1;
    private String snap2;
    private String base;

    @BeforeEach
    void start() {
        cli = Cli.in(temp);
        vm = QemuVm.builder().guest().disk(DiskSpec.drive("drive0").qdev("vda")).start();
        vm.awaitGuestUp();
        target = Machines.target(vm);
        base = vm.image("drive0").toString();
        snap1 = Machines.overlay(vm, "snap1");
        snap2 = Machines.overlay(vm, "snap2");
        for (String snap : List.of(snap1, snap2)) {
            vm.awaitGuestWrites(3);
            String name = Path.of(snap).getFileName().toString().replace(".qcow2", "");
            cli.ok("snapshot", "create", target, name, "--disk", "vda=" + snap);
        }
        vm.awaitGuestWrites(3);
    }

    @AfterEach
    void stop() {
        vm.close();
    }

    private List<String> chain() {
        return Machines.files(cli.json("chain", target, "vda"));
    }

    private void contentIsWhole(String active) {
        assertThat(chain().get(0)).isEqualTo(active);
        vm.awaitGuestWrites(3);
        vm.quit();
        GuestDisk.verify(Path.of(active), "qcow2");
        QemuImg.check(Path.of(active), "qcow2");
    }

    @Test
    void an_intermediate_layer_goes_down_into_the_base_and_its_file_away() {
        Result done = cli.ok("commit", target, "vda", "--top", snap1, "--base", base, "--delete");

        assertThat(done.out()).isEqualTo("committed vda: " + base + " <- " + snap2 + "\n");
        assertThat(done.err()).contains("note: " + snap1 + " is removed");
        assertThat(Path.of(snap1)).doesNotExist();
        contentIsWhole(snap2);
    }

    @Test
    void the_active_layer_goes_down_and_the_guest_goes_on_in_the_base() {
        JsonNode done = cli.json("commit", target, "vda");

        assertThat(done.path("job").path("type").asText()).isEqualTo("commit");
        assertThat(done.path("job").path("disk").asText()).isEqualTo("vda");
        assertThat(Machines.files(done.path("chain"))).containsExactly(base);
        assertThat(Path.of(snap2)).exists();
        contentIsWhole(base);
    }

    @Test
    void keeping_the_overlay_leaves_a_base_that_is_the_disk_of_that_moment() {
        Result done = cli.ok("commit", target, "vda", "--keep-overlay");

        assertThat(done.err()).contains("the guest stays in " + snap2);
        assertThat(chain()).containsExactly(snap2, snap1, base);
        contentIsWhole(snap2);
        GuestDisk.verify(Path.of(base), "qcow2");
    }

    @Test
    void a_dry_run_prints_lines_that_can_be_pasted_and_changes_nothing() {
        Result dry = cli.ok("commit", target, "vda", "--dry-run");

        assertThat(dry.lines()).first().asString().startsWith("{\"execute\":\"block-commit\"");
        assertThat(dry.lines()).anyMatch(line -> line.contains("job-finalize"));
        assertThat(dry.err()).contains("# wait until the job commit-vda is ready");
        assertThat(chain()).hasSize(3);
        assertThat(cli.json("operations", "list", target)).isEmpty();
    }

    @Test
    void what_is_left_running_is_an_open_operation_that_is_finished_later() {
        Result left = cli.ok("commit", target, "vda", "--no-wait");

        assertThat(left.out()).isEqualTo("commit-vda\n");
        assertThat(left.err()).contains("qmp operations resume " + target + " commit-1");
        JsonNode open = cli.json("operations", "list", target).get(0);
        assertThat(open.path("id").asText()).isEqualTo("commit-1");
        assertThat(open.path("situation").asText()).isEqualTo("under-way");
        assertThat(cli.run("commit", target, "vda").status()).isEqualTo(5);

        Result finished = cli.ok("operations", "resume", target, "commit-1");

        assertThat(finished.out()).startsWith("commit-1 (commit of vda) is finished\n");
        assertThat(chain()).containsExactly(base);
        assertThat(cli.ok("operations", "list", target).out()).isEmpty();
        assertThat(cli.json("snapshot", "list", target)
                        .get(0)
                        .path("disks")
                        .get(0)
                        .path("state")
                        .asText())
                .as("the records know of it")
                .isEqualTo("merged");
        contentIsWhole(base);
    }

    @Test
    void what_is_left_running_can_be_undone() {
        cli.ok("commit", target, "vda", "--no-wait");

        Result undone = cli.ok("operations", "undo", target, "commit-1");

        assertThat(undone.out()).startsWith("commit-1 (commit of vda) is undone\n");
        assertThat(cli.json("job", "list", target)).isEmpty();
        contentIsWhole(snap2);
    }

    @Test
    void an_unfinished_operation_of_a_qemu_that_died_is_found_by_what_it_was_called() {
        cli.ok("commit", target, "vda", "--no-wait");
        vm.kill();

        JsonNode open = cli.json("operations", "list", target).get(0);

        assertThat(open.path("situation").asText()).isEqualTo("no-qemu");
        assertThat(open.path("advice").asText()).contains("vda with " + snap2);
        GuestDisk.verify(Path.of(snap2), "qcow2");
    }

    @Test
    void a_base_that_another_overlay_stands_on_takes_nothing() {
        Path other = Path.of(base).resolveSibling("other.qcow2");
        QemuImg.createOverlay(other, Path.of(base), "qcow2");

        Result refused = cli.run("commit", target, "vda");

        assertThat(refused.status()).isEqualTo(5);
        assertThat(refused.err()).contains(other + " is an overlay of " + base);
        assertThat(chain()).hasSize(3);
    }

    @Test
    void what_makes_no_sense_is_refused_before_anything_is_sent() {
        assertThat(cli.run("commit", target, "vda", "--base", "/nowhere.qcow2").err())
                .contains("'/nowhere.qcow2' is not in the chain of vda");
        assertThat(cli.run("commit", target, "vda", "--top", base, "--base", snap1)
                        .status())
                .isEqualTo(5);
        assertThat(cli.run("commit", target, "vda", "--keep-overlay", "--delete")
                        .status())
                .isEqualTo(2);
        assertThat(cli.run("commit", target, "vda", "--top", snap1, "--keep-overlay")
                        .status())
                .isEqualTo(5);
        assertThat(cli.run("operations", "resume", target, "commit-9").err()).contains("no unfinished operation");
        assertThat(chain()).hasSize(3);
    }

    @Test
    void virsh_words_do_the_same() {
        Result middle =
                cli.ok("blockcommit", target, "vda", "--top", snap1, "--base", base, "--delete", "--wait", "--verbose");
        assertThat(middle.out()).isEqualTo("Commit complete\n");

        assertThat(cli.run("blockcommit", target, "vda", "--wait").err()).contains("--active is missing");

        Result active = cli.ok("blockcommit", target, "vda", "--active", "--pivot", "--verbose");
        assertThat(active.out()).isEqualTo("Successfully pivoted\n");
        assertThat(active.err()).contains("Block commit: [100 %]");
        contentIsWhole(base);
    }
}
