package dev.qmp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.cli.Cli.Result;
import dev.qmp.fixtures.Eventually;
import dev.qmp.fixtures.qemu.DiskSpec;
import dev.qmp.fixtures.qemu.GuestDisk;
import dev.qmp.fixtures.qemu.QemuImg;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import dev.qmp.fixtures.qemu.RequiresStorageDaemon;
import dev.qmp.fixtures.qemu.StorageDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of a disk of a guest that writes, in our own words and in virsh's. */
@RequiresQemu
class CopyIT {

    @TempDir
    private Path temp;

    private Cli cli;
    private QemuVm vm;
    private String target;
    private String snap1;
    private String base;
    private String copy;

    @BeforeEach
    void start() {
        cli = Cli.in(temp);
        vm = QemuVm.builder().guest().disk(DiskSpec.drive("drive0").qdev("vda")).start();
        vm.awaitGuestUp();
        target = Machines.target(vm);
        snap1 = Machines.overlay(vm, "snap1");
        base = vm.image("drive0").toString();
        copy = temp.resolve("copy.qcow2").toString();
        cli.ok("snapshot", "create", target, "snap1", "--disk", "vda=" + snap1);
        vm.awaitGuestWrites(3);
    }

    @AfterEach
    void stop() {
        vm.close();
    }

    private List<String> chain() {
        return Machines.files(cli.json("chain", target, "vda"));
    }

    private void nothingIsLeftOpen() {
        assertThat(Machines.jobs(vm)).isEmpty();
        assertThat(vm.control().execute("query-named-block-nodes").findValuesAsText("node-name"))
                .noneMatch(node -> node.contains("-copy"));
        assertThat(cli.json("operations", "list", target)).isEmpty();
    }

    private void endsWith(Path active) {
        vm.awaitGuestWrites(3);
        long counter = vm.guestCounter();
        vm.quit();
        QemuImg.check(active, "qcow2");
        assertThat(GuestDisk.verify(active, "qcow2")).isGreaterThanOrEqualTo(counter - 1);
    }

    @Test
    void one_command_flattens_the_disk_to_a_standalone_image_in_which_the_guest_goes_on() {
        Result result = cli.ok("copy", target, "vda", "copy.qcow2", "--pivot");

        assertThat(result.out()).isEqualTo("copied vda, which goes on in the copy: " + copy + "\n");
        assertThat(result.err()).contains("from now on QEMU has to be started with " + copy);
        assertThat(chain()).containsExactly(copy);
        assertThat(Machines.tree(cli, target)).containsExactly("snap1  merged: its data are in " + copy);
        assertThat(QemuImg.chain(Path.of(copy))).hasSize(1);
        endsWith(Path.of(copy));
    }

    @Test
    void without_pivot_the_copy_is_the_disk_at_one_moment_and_the_guest_stays() {
        JsonNode result = cli.json("copy", target, "vda", copy, "--speed", "100M");

        assertThat(result.at("/job/id").asText()).isEqualTo("copy-vda");
        assertThat(result.at("/job/type").asText()).isEqualTo("mirror");
        assertThat(result.at("/job/status").asText()).isEqualTo("concluded");
        assertThat(result.at("/job/disk").asText()).isEqualTo("vda");
        assertThat(result.at("/job/error").isNull()).isTrue();
        assertThat(Machines.files(result.path("chain"))).containsExactly(snap1, base);
        nothingIsLeftOpen();
        GuestDisk.verify(Path.of(copy), "qcow2");
        assertThat(cli.ok("copy", target, "vda", "other.raw", "--keep").out())
                .isEqualTo("copied vda to " + temp.resolve("other.raw") + " (raw)\n");
        GuestDisk.verify(temp.resolve("other.raw"), "raw");
        endsWith(Path.of(snap1));
    }

    @Test
    void a_shallow_copy_moves_the_active_layer_elsewhere() {
        cli.ok("copy", target, "vda", copy, "--shallow", "--pivot");

        assertThat(chain()).containsExactly(copy, base);
        endsWith(Path.of(copy));
    }

    @Test
    void a_dry_run_prints_the_lines_and_touches_nothing() {
        Result result = cli.ok("copy", target, "vda", copy, "--dry-run");

        assertThat(result.lines())
                .anyMatch(line -> line.startsWith("{\"execute\":\"blockdev-mirror\""))
                .allMatch(line -> line.startsWith("{\"execute\":"));
        assertThat(result.err()).contains("# wait until the job copy-vda is ready");
        assertThat(Path.of(copy)).doesNotExist();
        nothingIsLeftOpen();
    }

    @Test
    void what_exists_is_refused_with_the_way_out_and_stays_as_it_is() throws IOException {
        Files.writeString(Path.of(copy), "precious");

        Result exists = cli.run("copy", target, "vda", copy);
        Result device = cli.run("copy", target, "vda", "/dev/loop0");
        Result own = cli.run("copy", target, "vda", base, "--reuse-external");

        assertThat(exists.status()).isEqualTo(5);
        assertThat(exists.err()).contains("exists already", "--reuse-external");
        assertThat(Path.of(copy)).hasContent("precious");
        assertThat(device.status()).isEqualTo(5);
        assertThat(device.err()).contains("all that is on it would be lost", "--overwrite-device");
        assertThat(own.status()).isEqualTo(5);
        assertThat(own.err()).contains("in use by this guest");
        assertThat(cli.run("copy", target, "vda", "copy.vmdk", "--format", "vmdk")
                        .status())
                .isEqualTo(2);
        assertThat(cli.run("copy", target, "vda", copy, "--keep", "--pivot").status())
                .isEqualTo(2);
        nothingIsLeftOpen();
    }

    @Test
    @RequiresStorageDaemon
    void a_copy_goes_to_an_export_by_its_address() {
        try (StorageDaemon server = StorageDaemon.builder().exported("x", "64M").start()) {
            cli.ok("copy", target, "vda", server.nbd("x"), "--pivot");

            assertThat(chain()).containsExactly(server.nbd("x"));
            vm.awaitGuestWrites(3);
            cli.ok("copy", target, "vda", copy, "--pivot");
            endsWith(Path.of(copy));
        }
    }

    @Test
    void a_copy_that_was_left_running_is_finished_by_who_comes_back() {
        Result left = cli.ok("copy", target, "vda", copy, "--pivot", "--no-wait", "--speed", "64K");

        assertThat(left.out()).isEqualTo("copy-vda\n");
        assertThat(chain()).containsExactly(snap1, base);
        assertThat(cli.run("copy", target, "vda", "second.qcow2").status()).isEqualTo(5);
        cli.ok("job", "speed", target, "copy-vda", "0");
        String id = cli.json("operations", "list", target).at("/0/id").asText();
        cli.ok("operations", "resume", target, id);

        assertThat(chain()).containsExactly(copy);
        endsWith(Path.of(copy));
    }

    @Test
    void a_copy_that_was_left_running_can_be_taken_back() {
        cli.ok("copy", target, "vda", copy, "--pivot", "--no-wait", "--speed", "64K");

        String id = cli.json("operations", "list", target).at("/0/id").asText();
        cli.ok("operations", "undo", target, id);

        assertThat(chain()).containsExactly(snap1, base);
        assertThat(Path.of(copy)).doesNotExist();
        nothingIsLeftOpen();
        endsWith(Path.of(snap1));
    }

    @Test
    void ctrl_c_leaves_the_copy_running_or_takes_it_back() {
        try (Program left = Program.start(temp, "copy", target, "vda", copy, "--speed", "64K")) {
            Machines.awaitJob(vm, "copy-vda", "running");
            left.interrupt();
            Result result = left.await();
            assertThat(result.status()).isEqualTo(130);
            assertThat(result.err()).contains("operations resume");
        }
        Program.ok(temp, "operations", "undo", target, "copy-1");
        try (Program cancelled =
                Program.start(temp, "copy", target, "vda", copy, "--speed", "64K", "--cancel-on-interrupt")) {
            Machines.awaitJob(vm, "copy-vda", "running");
            cancelled.interrupt();
            Result result = cancelled.await();
            assertThat(result.status()).isEqualTo(130);
            assertThat(result.err()).contains("taken back");
        }
        assertThat(Path.of(copy)).doesNotExist();
        nothingIsLeftOpen();
        endsWith(Path.of(snap1));
    }

    /** 64 KiB a second are one cluster, and the guest writes to one more often than that. */
    @Test
    void a_copy_that_does_not_catch_up_says_so_and_has_the_guest_wait_where_qemu_can_do_that() {
        boolean changes =
                vm.control().execute("query-commands").findValuesAsText("name").contains("block-job-change");
        try (Program running = Program.start(temp, "copy", target, "vda", copy, "--speed", "64K", "--patience", "2s")) {
            Eventually.holds(
                    Machines.PATIENCE.multipliedBy(2),
                    () -> "what it says of it; it says " + running.err(),
                    () -> running.err().contains("the guest writes "));
            if (changes) {
                assertThat(running.err()).contains("the guest's writes wait for the copy");
            } else {
                assertThat(running.err()).contains("it does not catch up", "--synchronous-writes", "qmp job speed");
                vm.control().execute("block-job-set-speed", Map.of("device", "copy-vda", "speed", 0));
            }
            assertThat(running.await().status()).isZero();
        }
        nothingIsLeftOpen();
        QemuImg.check(Path.of(copy), "qcow2");
        endsWith(Path.of(snap1));
    }

    @Test
    void with_synchronous_writes_a_slow_copy_catches_up_on_every_qemu() {
        cli.ok("copy", target, "vda", copy, "--speed", "1M", "--synchronous-writes", "--pivot");

        assertThat(chain()).containsExactly(copy);
        endsWith(Path.of(copy));
    }

    @Test
    void virshs_lines_end_as_they_say() {
        Result pivoted = cli.ok("blockcopy", target, "vda", copy, "--wait", "--verbose", "--pivot");
        assertThat(pivoted.out()).isEqualTo("Successfully pivoted\n");
        assertThat(pivoted.err()).containsOnlyOnce("Block Copy: [100 %]");
        assertThat(chain()).containsExactly(copy);

        String second = temp.resolve("second").toString();
        Result copied = cli.ok(
                "blockcopy", "--domain", target, "--path", copy, "--dest", second, "--finish", "--transient-job");
        assertThat(copied.out()).isEqualTo("Successfully copied\n");
        assertThat(copied.err()).isEmpty();
        assertThat(chain()).containsExactly(copy);
        QemuImg.check(Path.of(second), "qcow2");
        endsWith(Path.of(copy));
    }

    @Test
    void virshs_mirroring_phase_is_ended_by_blockjob() {
        Result mirroring = cli.ok("blockcopy", target, "vda", copy, "--wait");
        assertThat(mirroring.out()).isEqualTo("Now in mirroring phase\n");
        assertThat(cli.ok("blockjob", target, "vda", "--info").out()).isEqualTo("Block Copy: [100 %]\n");
        assertThat(cli.ok("blockjob", target, "vda", "--abort").out()).isEmpty();
        assertThat(chain()).containsExactly(snap1, base);
        nothingIsLeftOpen();
        QemuImg.check(Path.of(copy), "qcow2");
        GuestDisk.verify(Path.of(copy), "qcow2");

        String second = temp.resolve("second.qcow2").toString();
        Result started = cli.ok("blockcopy", target, "vda", second);
        assertThat(started.out()).isEqualTo("Block Copy started\n");
        Machines.awaitJob(vm, "copy-vda", "ready");
        assertThat(cli.ok("blockjob", target, "vda", "--pivot").out()).isEqualTo("Successfully pivoted\n");
        assertThat(chain()).containsExactly(second);
        endsWith(Path.of(second));
    }

    @Test
    void virshs_flags_that_mean_nothing_here_are_refused_by_name() {
        for (String flag :
                List.of("--xml=file.xml", "--print-xml", "--granularity=512", "--buf-size=4096", "--async")) {
            Result result = cli.run("blockcopy", target, "vda", copy, flag);

            assertThat(result.status()).isEqualTo(2);
            assertThat(result.err()).contains(flag.replaceAll("=.*", "") + ": ");
        }
        assertThat(Path.of(copy)).doesNotExist();
    }

    @Test
    void a_copy_that_our_own_operation_has_left_ends_by_blockjob_as_well() {
        cli.ok("copy", target, "vda", copy, "--pivot", "--no-wait");
        Machines.awaitJob(vm, "copy-vda", "ready");

        assertThat(cli.ok("blockjob", target, "vda", "--pivot").out()).isEqualTo("Successfully pivoted\n");

        assertThat(chain()).containsExactly(copy);
        String id = cli.json("operations", "list", target).at("/0/id").asText();
        cli.ok("operations", "resume", target, id);
        assertThat(cli.json("operations", "list", target)).isEmpty();
        endsWith(Path.of(copy));
    }
}
