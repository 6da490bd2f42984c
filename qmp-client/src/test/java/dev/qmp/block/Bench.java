package dev.qmp.block;

import dev.qmp.Await;
import dev.qmp.QmpClient;
import dev.qmp.block.SnapshotRequest.Existing;
import dev.qmp.block.SnapshotRequest.Target;
import dev.qmp.error.UnsafeOperationException;
import dev.qmp.fixtures.qemu.DiskSpec;
import dev.qmp.fixtures.qemu.QemuImg;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.transport.QmpAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A real QEMU, a client on it and its block operations, each waited for. */
final class Bench implements AutoCloseable {

    final QemuVm vm;
    final QmpClient client;
    final BlockOperations block;

    private final boolean closesMachine;

    private Bench(QemuVm vm, QmpClient client, boolean closesMachine) {
        this.closesMachine = closesMachine;
        this.vm = vm;
        this.client = client;
        this.block = new BlockOperations(client);
    }

    static Bench start(QemuVm.Builder builder) {
        return on(builder.start());
    }

    /** A machine without a guest that has these disks. */
    static Bench start(DiskSpec... disks) {
        QemuVm.Builder builder = QemuVm.builder();
        for (DiskSpec disk : disks) {
            builder.disk(disk);
        }
        return start(builder);
    }

    /** On the machine's first monitor; the machine is closed with the bench. */
    static Bench on(QemuVm vm) {
        return on(vm, QmpAddress.unix(vm.monitor()));
    }

    static Bench on(QemuVm vm, QmpAddress address) {
        try {
            return new Bench(vm, Await.value(QmpClient.connect(address)), true);
        } catch (Throwable t) {
            vm.close();
            throw t;
        }
    }

    /** On the machine's first monitor; the machine outlives the bench. */
    static Bench sharing(QemuVm vm) {
        return new Bench(vm, Await.value(QmpClient.connect(QmpAddress.unix(vm.monitor()))), false);
    }

    BlockGraph graph() {
        return Await.value(block.graph());
    }

    Disk disk(String name) {
        return graph().disk(name);
    }

    /** The chain's files without their folders, active layer first. */
    List<String> chain(String disk) {
        return names(disk(disk));
    }

    static List<String> names(Disk disk) {
        return disk.layers().stream().map(layer -> Paths.base(layer.file())).toList();
    }

    /** The same as somebody sees it who reads the files' headers from outside. */
    List<String> chainOnDisk(String disk) {
        Path active = Path.of(disk(disk).layers().get(0).file());
        return QemuImg.chain(active).stream()
                .map(layer -> Paths.base(layer.path("filename").asText()))
                .toList();
    }

    Path file(String name) {
        return vm.folder().resolve(name);
    }

    /** Targets are {@code DISK} or {@code DISK=FILE}; none means all disks. */
    static SnapshotRequest request(String name, Existing existing, String... targets) {
        List<Target> all = new ArrayList<>();
        for (String target : targets) {
            int equals = target.indexOf('=');
            all.add(
                    equals < 0
                            ? new Target(target, null)
                            : new Target(target.substring(0, equals), target.substring(equals + 1)));
        }
        return new SnapshotRequest(name, all, existing);
    }

    SnapshotPlan plan(SnapshotRequest request) {
        return Await.value(block.plan(request));
    }

    SnapshotResult snapshot(SnapshotRequest request) {
        return Await.value(block.run(plan(request)));
    }

    SnapshotResult snapshot(String name, String... targets) {
        return snapshot(request(name, Existing.REFUSE, targets));
    }

    UnsafeOperationException refused(SnapshotRequest request) {
        return Await.failure(block.plan(request), UnsafeOperationException.class);
    }

    UnsafeOperationException refused(String name, String... targets) {
        return refused(request(name, Existing.REFUSE, targets));
    }

    PullPlan plan(PullRequest request) {
        return Await.value(block.plan(request));
    }

    UnsafeOperationException refused(PullRequest request) {
        return Await.failure(block.plan(request), UnsafeOperationException.class);
    }

    RunningPull start(PullRequest request) {
        return Await.value(block.start(plan(request)));
    }

    /** A pull that takes long: 64 KiB a second, so that a job is there to meet. */
    RunningPull startSlow(String disk, @Nullable String base) {
        return start(new PullRequest(disk, base, 64 * 1024, null, null));
    }

    PullResult pull(String disk, @Nullable String base) {
        return Await.value(start(PullRequest.of(disk, base)).done());
    }

    @Override
    public void close() {
        client.close();
        if (closesMachine) {
            vm.close();
        }
    }
}
