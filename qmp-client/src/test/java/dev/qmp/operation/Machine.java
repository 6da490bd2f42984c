package dev.qmp.operation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.qmp.Await;
import dev.qmp.QmpClient;
import dev.qmp.block.BlockGraph;
import dev.qmp.block.BlockOperations;
import dev.qmp.block.Disk;
import dev.qmp.block.Layer;
import dev.qmp.block.SnapshotRequest;
import dev.qmp.block.SnapshotRequest.Existing;
import dev.qmp.fixtures.qemu.DiskSpec;
import dev.qmp.fixtures.qemu.GuestDisk;
import dev.qmp.fixtures.qemu.QemuImg;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.plan.Plan;
import dev.qmp.transport.QmpAddress;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A real QEMU whose guest writes to one disk, with its images in a folder that outlives it. */
final class Machine implements AutoCloseable {

    final Path images;
    final Path state;
    final QemuVm vm;
    QmpClient client;

    private int count;

    private Machine(Path images, Path state, QemuVm vm) {
        this.images = images;
        this.state = state;
        this.vm = vm;
        this.client = Await.value(QmpClient.connect(QmpAddress.unix(vm.monitor())));
    }

    /** With a base and two snapshots, each with writes of its own. */
    static Machine writing(Path images, Path state) {
        DiskSpec disk = DiskSpec.blockdev("base").qdev("vda").at(images.resolve("base.qcow2"));
        Machine machine =
                new Machine(images, state, QemuVm.builder().guest().disk(disk).start());
        machine.vm.awaitGuestUp();
        machine.snapshot();
        machine.snapshot();
        return machine;
    }

    /** Started again on an image that was left; its guest does not write. */
    static Machine again(Path images, Path state, Path active) {
        return new Machine(
                images,
                state,
                QemuVm.builder()
                        .disk(DiskSpec.blockdev("again").qdev("vda").existing(active))
                        .start());
    }

    void snapshot() {
        vm.awaitGuestWrites(4);
        BlockOperations block = block();
        SnapshotRequest request =
                new SnapshotRequest("s" + ++count + "-" + System.nanoTime(), List.of(), Existing.REFUSE);
        Await.value(block.run(Await.value(block.plan(request))));
        vm.awaitGuestWrites(4);
    }

    BlockOperations block() {
        return new BlockOperations(client);
    }

    BlockGraph graph() {
        return Await.value(block().graph());
    }

    Disk disk() {
        return graph().disk("vda");
    }

    List<String> files() {
        return disk().layers().stream().map(Layer::file).toList();
    }

    Operations operations() {
        return new Operations(client, state);
    }

    RunningOperation begin(Operations operations, Plan plan) {
        return operations.start(plan, JsonNodeFactory.instance.objectNode(), false, OperationListener.NONE);
    }

    OperationResult run(Plan plan) {
        return Await.value(begin(operations(), plan).done());
    }

    /** Carries the plan out until so many lines are in its journal; then nothing of us is left but those. */
    void crashAfter(int lines, Plan plan) {
        try {
            Await.failure(
                    begin(new Operations(client, state, Killed.after(lines)), plan)
                            .done(),
                    Killed.class);
        } catch (Killed atOnce) {
            // The first line is written before there is a thread.
        }
        client.close();
        client = Await.value(QmpClient.connect(QmpAddress.unix(vm.monitor())));
    }

    /** The guest goes on, and none of its writes was lost in what it writes to now. */
    void contentIsWhole() {
        vm.awaitGuestWrites(4);
        Path active = Path.of(files().get(0));
        vm.quit();
        GuestDisk.verify(active, "qcow2");
        imagesAreClean();
    }

    void imagesAreClean() {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(images, "*.qcow2")) {
            for (Path image : all) {
                QemuImg.check(image, "qcow2");
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    void nothingIsOpen() {
        try {
            assertThat(Operations.open(state)).isEmpty();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        client.close();
        vm.close();
    }
}
