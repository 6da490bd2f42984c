package dev.qmp.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.qmp.cli.Cli.Result;
import dev.qmp.fixtures.fake.FakeQmpServer;
import dev.qmp.fixtures.fake.Script;
import dev.qmp.fixtures.qemu.DiskSpec;
import dev.qmp.fixtures.qemu.QemuImg;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.QmpControl;
import dev.qmp.fixtures.qemu.RequiresQemu;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a new user runs into: each time it is said what failed, in QEMU's own words where it spoke, and what to do. */
@RequiresQemu
class UserProblemsIT {

    @TempDir
    private Path temp;

    private Cli cli;

    @BeforeEach
    void makeCli() {
        cli = Cli.in(temp);
    }

    private static QemuVm machine() {
        return QemuVm.builder().disk(DiskSpec.drive("vda")).start();
    }

    private static void assertProblem(Result result, int status, String... words) {
        assertThat(result.status()).as(result.toString()).isEqualTo(status);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("qmp: ").contains(words).doesNotContain("Exception");
        assertThat(result.err().lines()).hasSizeBetween(2, 3);
        assertThat(result.err().lines().reduce((first, last) -> last).orElseThrow())
                .startsWith("hint: ");
    }

    @Test
    void the_target_of_a_snapshot_exists() throws IOException {
        try (QemuVm vm = machine()) {
            Path overlay = Files.writeString(vm.folder().resolve("precious.qcow2"), "precious");
            assertProblem(
                    cli.run("snapshot", "create", Machines.target(vm), "s1", "--disk", "vda=" + overlay),
                    5,
                    overlay.toString(),
                    "exists",
                    "--overwrite",
                    "--reuse-external");
            assertThat(overlay).hasContent("precious");
        }
    }

    @Test
    void the_folder_is_not_writable_for_qemus_user() {
        try (QemuVm vm = QemuVm.builder()
                .disk(DiskSpec.drive("vda"))
                .runAs("nobody", "nogroup")
                .start()) {
            Result result = cli.run("snapshot", "create", Machines.target(vm), "s1");
            assertProblem(
                    result,
                    1,
                    "QEMU says: ",
                    "Permission denied",
                    "(GenericError)",
                    "runs as nobody",
                    vm.folder().toString());
            assertThat(cli.json("snapshot", "list", Machines.target(vm)))
                    .as("nothing is recorded")
                    .isEmpty();
        }
    }

    @Test
    void the_disk_is_full() throws Exception {
        Path small = Files.createDirectory(temp.resolve("small"));
        assumeTrue(command("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small.toString()) == 0, "mount");
        try (QemuVm vm = machine()) {
            Path overlay = small.resolve("s1.qcow2");
            assertProblem(
                    cli.run("snapshot", "create", Machines.target(vm), "s1", "--disk", "vda=" + overlay),
                    1,
                    "QEMU says: ",
                    "No space left on device",
                    "make room in " + small);
            assertThat(overlay).as("what QEMU had begun is removed").doesNotExist();
            assertThat(Machines.files(cli.json("chain", Machines.target(vm)))).hasSize(1);
        } finally {
            command("umount", small.toString());
        }
    }

    private static int command(String... words) throws IOException, InterruptedException {
        return new ProcessBuilder(words).inheritIO().start().waitFor();
    }

    @Test
    void a_cd_rom_is_named() {
        Path image = temp.resolve("cd.iso");
        QemuImg.create(image, "raw", "1M");
        try (QemuVm vm = QemuVm.builder()
                .disk(DiskSpec.drive("vda"))
                .disk(DiskSpec.cdrom("cd0", image))
                .start()) {
            String target = Machines.target(vm);
            assertProblem(
                    cli.run("snapshot", "create", target, "s1", "--disk", "cd0"), 5, "cd0 is a CD-ROM", "qmp disks");
            assertProblem(cli.run("pull", target, "cd0"), 5, "cd0 is a CD-ROM");
        }
    }

    @Test
    void the_base_is_not_in_the_chain() {
        try (QemuVm vm = machine()) {
            String target = Machines.target(vm);
            cli.ok("snapshot", "create", target, "s1");
            assertProblem(
                    cli.run("pull", target, "vda", "--base", "/images/other.qcow2"),
                    5,
                    "'/images/other.qcow2' is not in the chain of vda",
                    vm.image("vda") + " <- ");
            assertProblem(
                    cli.run("blockpull", target, "vda", "--base", "/images/other.qcow2", "--wait"),
                    5,
                    "is not in the chain");
        }
    }

    @Test
    void the_socket_is_busy_and_its_holder_is_named() {
        try (QemuVm vm = machine();
                QmpControl holder = QmpControl.connect(vm.monitor(), Machines.PATIENCE)) {
            assertThat(holder.greeting()).isNotNull();
            Result result = Program.run(temp, "status", Machines.target(vm), "--connect-timeout", "500ms");
            assertProblem(
                    result,
                    3,
                    Machines.target(vm),
                    "held by PID " + ProcessHandle.current().pid());
        }
    }

    @Test
    void the_socket_is_a_monitor_for_people() {
        Path socket = Path.of("/tmp/" + Machines.name("hmp"));
        try (QemuVm vm = QemuVm.builder()
                .args("-monitor", "unix:" + socket + ",server=on,wait=off")
                .start()) {
            assertThat(vm.isAlive()).isTrue();
            assertProblem(cli.run("status", socket.toString()), 3, "QMP", socket.toString());
        }
    }

    @Test
    void the_socket_is_of_something_else_that_speaks_first() throws Exception {
        Path socket = Path.of("/tmp/" + Machines.name("ssh"));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Thread speaker = new Thread(() -> greetAsSsh(server), "ssh");
            speaker.setDaemon(true);
            speaker.start();
            assertProblem(cli.run("status", socket.toString()), 3, "QMP", socket.toString());
        } finally {
            Files.deleteIfExists(socket);
        }
    }

    private static void greetAsSsh(ServerSocketChannel server) {
        try (SocketChannel client = server.accept()) {
            client.write(ByteBuffer.wrap("SSH-2.0-OpenSSH_9.2p1\r\n".getBytes(StandardCharsets.US_ASCII)));
            client.read(ByteBuffer.allocate(1));
        } catch (IOException e) {
            // The client's end is enough of an answer.
        }
    }

    @Test
    void the_socket_is_of_something_that_says_nothing() {
        try (FakeQmpServer silent = FakeQmpServer.start(Script.empty())) {
            Result result = cli.run("status", silent.path().toString(), "--connect-timeout", "300ms");
            assertProblem(result, 3, silent.path().toString(), "sent no greeting", "300 ms", "one client at a time");
        }
    }

    @Test
    void a_job_runs_on_the_disk() {
        try (QemuVm vm = machine()) {
            String target = Machines.target(vm);
            vm.io("vda").write(0, 16 << 20, 0x17);
            cli.ok("snapshot", "create", target, "s1");
            cli.ok("pull", target, "vda", "--speed", "1M", "--no-wait");
            assertProblem(
                    cli.run("snapshot", "create", target, "s2"),
                    5,
                    "the job pull-vda",
                    "qmp job wait",
                    "qmp job cancel");
            assertProblem(cli.run("pull", target, "vda"), 5, "the job pull-vda");
        }
    }

    @Test
    void there_is_no_socket() {
        assertProblem(cli.run("status", "/tmp/there-is-no-such-socket"), 3, "/tmp/there-is-no-such-socket");
        assertProblem(cli.run("status", "./there-is-no-such-socket"), 3, "there-is-no-such-socket");
    }

    @Test
    void the_socket_may_not_be_used_by_this_user() throws Exception {
        try (QemuVm vm = machine()) {
            Files.setPosixFilePermissions(vm.folder(), PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.setPosixFilePermissions(vm.monitor().getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
            Result result = asNobody("status", Machines.target(vm));
            assertProblem(result, 3, Machines.target(vm), "ermission");
        }
    }

    /** The program as another user runs it, from a copy that this user can read. */
    private Result asNobody(String... words) throws IOException, InterruptedException {
        Path open = Files.createTempDirectory(Path.of("/tmp"), "qmp");
        try {
            command("cp", "-r", "target/qmp", open.resolve("qmp").toString());
            command("chmod", "-R", "a+rX", open.toString());
            ProcessBuilder builder = new ProcessBuilder(
                    "setpriv",
                    "--reuid",
                    "nobody",
                    "--regid",
                    "nogroup",
                    "--clear-groups",
                    open.resolve("qmp/bin/qmp").toString());
            builder.command().addAll(List.of(words));
            builder.directory(open.toFile());
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            builder.redirectOutput(open.resolve("out").toFile());
            builder.redirectError(open.resolve("err").toFile());
            Process process = builder.start();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return new Result(
                    List.of(words),
                    process.exitValue(),
                    Files.readString(open.resolve("out")),
                    Files.readString(open.resolve("err")));
        } finally {
            command("rm", "-rf", open.toString());
        }
    }

    @Test
    void nobody_listens_on_the_socket_any_more() {
        try (QemuVm vm = machine()) {
            vm.kill();
            assertThat(vm.monitor()).as("a killed QEMU leaves its socket").exists();
            assertProblem(cli.run("status", Machines.target(vm)), 3, Machines.target(vm), "listen");
        }
    }

    @Test
    void there_is_no_such_disk() {
        try (QemuVm vm = machine()) {
            assertProblem(
                    cli.run("pull", Machines.target(vm), "sda"),
                    2,
                    "no disk 'sda'",
                    "its disks are vda",
                    vm.image("vda").toString());
        }
    }

    @Test
    void a_disks_word_fits_two_disks() {
        Path image = temp.resolve("shared.img");
        QemuImg.create(image, "raw", "1M");
        try (QemuVm vm = QemuVm.builder()
                .disk(DiskSpec.drive("vda").format("raw").existing(image).asReadOnly())
                .disk(DiskSpec.drive("vdb").format("raw").existing(image).asReadOnly())
                .start()) {
            assertProblem(cli.run("pull", Machines.target(vm), image.toString()), 2, image.toString(), "vda", "vdb");
        }
    }

    @Test
    void two_guests_have_the_name() {
        String name = Machines.name("twin");
        try (QemuVm first = QemuVm.builder().name(name).start();
                QemuVm second = QemuVm.builder().name(name).start()) {
            assertProblem(
                    cli.run("status", name),
                    3,
                    "2 QEMUs",
                    Long.toString(first.pid()),
                    Long.toString(second.pid()),
                    "qmp list");
        }
    }

    @Test
    void a_snapshots_name_is_taken() {
        try (QemuVm vm = machine()) {
            cli.ok("snapshot", "create", Machines.target(vm), "s1");
            assertProblem(
                    cli.run("snapshot", "create", Machines.target(vm), "s1"),
                    5,
                    "has a snapshot 's1' already",
                    "qmp snapshot list");
        }
    }

    @Test
    void the_records_are_damaged_and_the_snapshot_is_not_taken() throws IOException {
        String name = Machines.name("damaged");
        try (QemuVm vm = QemuVm.builder().name(name).disk(DiskSpec.drive("vda")).start()) {
            Path file = Files.createDirectories(temp.resolve("state")).resolve("name-" + name + ".json");
            Files.writeString(file, "{\"version\":1,");
            assertProblem(cli.run("snapshot", "create", Machines.target(vm), "s1"), 1, file.toString(), "move it away");
            assertThat(file).hasContent("{\"version\":1,");
            assertThat(Machines.files(cli.json("chain", Machines.target(vm)))).hasSize(1);
        }
    }
}
