package dev.qmp.operation;

import dev.qmp.QmpClient;
import dev.qmp.block.BlockGraph;
import dev.qmp.block.BlockOperations;
import dev.qmp.block.Disk;
import dev.qmp.block.Layer;
import dev.qmp.block.NodeName;
import dev.qmp.job.JobId;
import dev.qmp.job.JobInfo;
import dev.qmp.job.Jobs;
import dev.qmp.plan.DiskChange;
import dev.qmp.plan.Effect;
import dev.qmp.qapi.QueryStatus;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What shows in the running QEMU, which is believed before anything that was written down. */
final class LiveState {

    private final QmpClient client;
    private final BlockOperations block;
    private final Jobs jobs;

    LiveState(QmpClient client, BlockOperations block, Jobs jobs) {
        this.client = client;
        this.block = block;
        this.jobs = jobs;
    }

    BlockGraph graph() throws InterruptedException {
        return Blocking.await(block.graph());
    }

    Optional<JobInfo> job(JobId id) throws InterruptedException {
        return Blocking.await(jobs.find(id));
    }

    /** Whether a command's effect is there; false also for one whose effect nothing shows. */
    boolean shows(Effect effect, List<DiskChange> disks) throws InterruptedException {
        if (effect instanceof Effect.NodesExist exist) {
            BlockGraph graph = graph();
            return exist.nodes().stream().allMatch(node -> graph.nodes().containsKey(new NodeName(node)));
        } else if (effect instanceof Effect.NodeGone gone) {
            return !graph().nodes().containsKey(new NodeName(gone.node()));
        } else if (effect instanceof Effect.RootNode root) {
            return graph().disks().stream()
                    .filter(disk -> root.qomPath().equals(disk.qomPath()))
                    .map(Disk::rootNode)
                    .anyMatch(node -> node != null && node.value().equals(root.node()));
        } else if (effect instanceof Effect.Running running) {
            return Blocking.await(client.execute(new QueryStatus())).running() == running.running();
        } else if (effect instanceof Effect.ChainsChanged) {
            BlockGraph graph = graph();
            return disks.stream().allMatch(disk -> changed(graph, disk));
        }
        return false;
    }

    /** Whether a disk's chain is what it is to be afterwards. */
    static boolean changed(BlockGraph graph, DiskChange disk) {
        return chain(graph, disk).equals(Optional.of(disk.after()));
    }

    /** Whether a disk's chain is what it was before. */
    static boolean unchanged(BlockGraph graph, DiskChange disk) {
        return chain(graph, disk).equals(Optional.of(disk.before()));
    }

    /** A disk's chain as it is, active layer first; empty where the disk is gone. */
    static Optional<List<String>> chain(BlockGraph graph, DiskChange disk) {
        return graph.disks().stream()
                .filter(d -> disk.qomPath() != null
                        ? disk.qomPath().equals(d.qomPath())
                        : disk.backend() != null
                                ? Objects.equals(disk.backend(), d.backend())
                                : disk.disk().equals(d.name()))
                .findFirst()
                .map(d -> d.layers().stream().map(Layer::file).toList());
    }

    /** The disks' chains in a line, for people. */
    static String text(BlockGraph graph, List<DiskChange> disks) {
        StringBuilder text = new StringBuilder();
        for (DiskChange disk : disks) {
            text.append(text.isEmpty() ? "" : "; ")
                    .append(disk.disk())
                    .append(" has ")
                    .append(chain(graph, disk).map(DiskChange::text).orElse("gone"));
        }
        return text.toString();
    }
}
