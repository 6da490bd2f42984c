package dev.qmp.block;

import dev.qmp.job.JobId;
import dev.qmp.job.JobInfo;
import dev.qmp.job.JobStatus;
import dev.qmp.qapi.JobType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Block graphs made up by hand, for what needs no QEMU. */
final class Graphs {

    /** Files that nobody can look at: names alone tell them apart. */
    static final QemuFiles BY_NAME = new QemuFiles() {
        @Override
        public CompletableFuture<Finding> look(String path) {
            return CompletableFuture.completedFuture(new Finding(Presence.ABSENT, "nothing"));
        }

        @Override
        public boolean same(String a, String b) {
            return Paths.same(a, b);
        }

        @Override
        public boolean removeLeftOver(String overlay, String base) {
            return false;
        }
    };

    private Graphs() {}

    /** A disk on these files, active layer first; its nodes are named {@code QDEV-0} for the active one, and so on. */
    static Disk disk(@Nullable String backend, @Nullable String qdev, String... files) {
        List<Layer> layers = new ArrayList<>();
        String prefix = qdev != null ? qdev : String.valueOf(backend);
        for (String file : files) {
            layers.add(new Layer(
                    layers.size(),
                    new NodeName(prefix + "-" + layers.size()),
                    file,
                    file.endsWith(".raw") ? "raw" : "qcow2",
                    SourceType.FILE,
                    1 << 20,
                    null,
                    null,
                    layers.size() + 1 < files.length ? files[layers.size() + 1] : null,
                    !layers.isEmpty()));
        }
        return new Disk(
                backend,
                qdev == null ? null : "/machine/peripheral/" + qdev + "/virtio-backend",
                DeviceKind.DISK,
                false,
                layers.isEmpty() ? null : layers.get(0).node(),
                layers);
    }

    static BlockGraph graph(Disk... disks) {
        return graph(List.of(), Map.of(), disks);
    }

    static BlockGraph graph(List<JobInfo> jobs, Map<JobId, Set<NodeName>> jobNodes, Disk... disks) {
        Map<NodeName, BlockNode> nodes = new LinkedHashMap<>();
        for (Disk disk : disks) {
            for (Layer layer : disk.layers()) {
                nodes.put(layer.node(), node(layer, layer.file()));
            }
        }
        return new BlockGraph(Arrays.asList(disks), nodes, jobs, jobNodes);
    }

    /** The same graph, but QEMU was given this name for a layer's image. */
    static BlockGraph given(BlockGraph graph, Layer layer, String name) {
        Map<NodeName, BlockNode> nodes = new LinkedHashMap<>(graph.nodes());
        nodes.put(layer.node(), node(layer, name));
        return new BlockGraph(graph.disks(), nodes, graph.jobs(), graph.jobNodes());
    }

    static JobInfo job(String id, String type, JobStatus status) {
        return new JobInfo(new JobId(id), new JobType(type), status, 0, 0, 0, false, false, null, null);
    }

    private static BlockNode node(Layer layer, String givenName) {
        return new BlockNode(
                layer.node(),
                layer.format(),
                layer.file(),
                givenName,
                layer.virtualSize(),
                null,
                null,
                layer.backingFile(),
                layer.readOnly(),
                List.of());
    }
}
