package dev.qmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.error.CommandFailedException;
import dev.qmp.fixtures.qemu.DiskSpec;
import dev.qmp.fixtures.qemu.QemuImg;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import dev.qmp.qapi.AddFd;
import dev.qmp.qapi.AddfdInfo;
import dev.qmp.qapi.BlockdevAdd;
import dev.qmp.qapi.BlockdevOptions;
import dev.qmp.qapi.BlockdevRef;
import dev.qmp.qapi.BlockdevSnapshotCommand;
import dev.qmp.transport.DescriptorSet;
import dev.qmp.transport.OwnedDescriptor;
import dev.qmp.transport.OwnedDescriptor.Access;
import dev.qmp.transport.QmpAddress;
import dev.qmp.transport.TransportKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files that QEMU may not open itself, handed to it as descriptors. */
@RequiresQemu
@Timeout(120)
class DescriptorsIT {

    @TempDir
    Path folder;

    /** The folder is root's, with mode 0700, and QEMU runs as nobody. */
    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "JNR"})
    void a_snapshot_goes_onto_an_image_that_qemu_may_not_open(TransportKind kind) throws Exception {
        assumeThat(Files.isWritable(Path.of("/etc/shadow"))).as("root").isTrue();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        Path overlay = folder.resolve("overlay.qcow2");
        QemuImg.create(overlay, "qcow2", "64M");
        try (QemuVm vm = QemuVm.builder()
                        .disk(DiskSpec.blockdev("base").qdev("vda"))
                        .runAs("nobody", "nogroup")
                        .start();
                QmpClient client = connect(vm, kind)) {
            assertThat(Await.failure(client.execute(add("direct", overlay.toString())), CommandFailedException.class))
                    .hasMessageContaining("Permission denied");

            DescriptorSet image = DescriptorSet.of(OwnedDescriptor.open(overlay, Access.READ_WRITE));
            AddfdInfo added = Await.value(
                    client.execute(AddFd.builder().fdsetId(7L).opaque("overlay").build(), image));
            assertThat(added.fdsetId()).isEqualTo(7);
            assertThat(openHere(overlay)).isZero();

            Await.value(client.execute(add("overlay", "/dev/fdset/7")));
            Await.value(client.execute(new BlockdevSnapshotCommand("base", "overlay")));

            JsonNode blocks = Await.value(client.execute("query-block"));
            assertThat(blocks.path(0).path("inserted").path("node-name").asText())
                    .isEqualTo("overlay");
            assertThat(blocks.path(0)
                            .path("inserted")
                            .path("image")
                            .path("backing-image")
                            .path("filename")
                            .asText())
                    .isEqualTo(vm.image("base").toString());
            vm.io("base").write(0, 65_536, 0x5a);
            vm.quit();
        }
        assertThat(QemuImg.run("map", "--output=json", overlay.toString())).contains("\"data\": true");
    }

    /** QEMU 7.2 binds the wrong one where two such commands are under way, out of band at that. */
    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "JNR"})
    void each_of_many_commands_at_once_gets_its_own_file(TransportKind kind) throws Exception {
        int count = 30;
        try (QemuVm vm = QemuVm.builder().start();
                QmpClient client = Await.value(QmpClient.connect(
                        QmpAddress.unix(vm.monitor()),
                        QmpClientOptions.builder().transport(kind).inFlight(8).build()))) {
            List<CompletableFuture<AddfdInfo>> replies = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Path file = Files.createFile(folder.resolve("file" + i));
                replies.add(client.execute(
                        AddFd.builder().opaque(file.toString()).build(),
                        DescriptorSet.of(OwnedDescriptor.open(file, Access.READ_ONLY))));
                client.execute("query-status");
            }
            for (CompletableFuture<AddfdInfo> reply : replies) {
                Await.value(reply);
            }
            JsonNode sets = Await.value(client.execute("query-fdsets"));
            assertThat(sets).hasSize(count);
            for (JsonNode set : sets) {
                JsonNode only = set.path("fds").path(0);
                Path inQemu = Path.of(
                        "/proc", Long.toString(vm.pid()), "fd", only.path("fd").asText());
                assertThat(Files.readSymbolicLink(inQemu))
                        .isEqualTo(Path.of(only.path("opaque").asText()).toRealPath());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "JNR"})
    void a_command_without_its_descriptor_is_refused_and_nothing_else_is_disturbed(TransportKind kind)
            throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        try (QemuVm vm = QemuVm.builder().start();
                QmpClient client = connect(vm, kind)) {
            CommandFailedException refused = Await.failure(client.execute(new AddFd()), CommandFailedException.class);
            assertThat(refused).hasMessageContaining("No file descriptor supplied via SCM_RIGHTS");
            // A stray byte, as Netty would send one, would be answered by an error without an id and end the session.
            for (int i = 0; i < 5; i++) {
                DescriptorSet set = DescriptorSet.of(OwnedDescriptor.open(file, Access.READ_ONLY));
                Await.value(client.execute(new AddFd(), set));
            }
            assertThat(Await.value(client.execute("query-fdsets"))).hasSize(5);
            assertThat(client.statistics().unknownReplies()).isZero();
        }
    }

    private static BlockdevAdd add(String node, String file) {
        return new BlockdevAdd(BlockdevOptions.Qcow2.builder()
                .nodeName(node)
                .file(BlockdevRef.of(
                        BlockdevOptions.File.builder().filename(file).build()))
                .build());
    }

    private static QmpClient connect(QemuVm vm, TransportKind kind) {
        return Await.value(QmpClient.connect(
                QmpAddress.unix(vm.monitor()),
                QmpClientOptions.builder().transport(kind).build()));
    }

    private static long openHere(Path file) throws IOException {
        long count = 0;
        try (var descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                try {
                    count += Files.readSymbolicLink(descriptor).equals(file.toRealPath()) ? 1 : 0;
                } catch (IOException e) {
                    continue; // closed meanwhile
                }
            }
        }
        return count;
    }
}
