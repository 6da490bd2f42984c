package dev.qmp.block;

import dev.qmp.block.BlockNode.Child;
import dev.qmp.job.JobId;
import dev.qmp.job.JobInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * QEMU's answers as a graph. The edges come from the nodes themselves where QEMU has them there ({@code children}, seen on
 * 11.1), else from {@code x-debug-query-block-graph} (7.2 and 10.0 have it), else from the file names in the headers.
 */
final class GraphParser {

    private final List<Drive> drives;
    private final Map<NodeName, BlockNode> nodes = new LinkedHashMap<>();
    private final Map<JobId, Set<NodeName>> jobNodes;
    private final List<JobInfo> jobs;
    private final Map<String, DeviceKind> kinds;

    /**
     * @param nodes all nodes, with their edges where these are known
     * @param debug the answer to {@code x-debug-query-block-graph}, null where there is none
     * @param kinds what removable devices are, by QOM path
     */
    GraphParser(
            List<Drive> drives,
            List<BlockNode> nodes,
            @Nullable DebugGraph debug,
            List<JobInfo> jobs,
            Map<String, DeviceKind> kinds) {
        this.drives = drives;
        this.jobs = jobs;
        this.kinds = kinds;
        this.jobNodes = debug == null ? Map.of() : debug.jobNodes();
        nodes.forEach(node -> this.nodes.put(node.name(), node));
        if (debug == null && nodes.stream().allMatch(node -> node.children().isEmpty())) {
            joinByFileNames();
        }
    }

    /** Whether every medium's node is known: the answers were given one after the other, and the graph may have moved. */
    boolean consistent() {
        return drives.stream().map(Drive::root).allMatch(root -> root == null || nodes.containsKey(root));
    }

    BlockGraph graph() {
        return new BlockGraph(drives.stream().map(this::disk).toList(), nodes, jobs, jobNodes);
    }

    private Disk disk(Drive drive) {
        String qomPath = drive.qomPath();
        DeviceKind kind = qomPath == null ? DeviceKind.DISK : kinds.getOrDefault(qomPath, DeviceKind.DISK);
        return new Disk(
                drive.name().isEmpty() ? null : drive.name(),
                qomPath,
                kind,
                drive.readOnly(),
                drive.root(),
                drive.root() == null ? List.of() : layers(drive.root()));
    }

    private List<Layer> layers(NodeName root) {
        List<Layer> layers = new ArrayList<>();
        Set<NodeName> seen = new HashSet<>();
        BlockNode node = nodes.get(root);
        while (node != null && seen.add(node.name())) {
            if (transparent(node)) {
                node = next(node, "file", "backing");
                continue;
            }
            layers.add(layer(layers.size(), node));
            node = next(node, "backing");
        }
        return layers;
    }

    /** A filter, or a {@code raw} node on top of another format: it has no image of its own. */
    private boolean transparent(BlockNode node) {
        if (node.filter()) {
            return true;
        }
        if (!node.driver().equals("raw")) {
            return false;
        }
        BlockNode below = next(node, "file");
        return below != null && !below.protocol() && !below.filter();
    }

    private @Nullable BlockNode next(BlockNode node, String... roles) {
        for (String role : roles) {
            BlockNode child = node.child(role).map(nodes::get).orElse(null);
            if (child != null) {
                return child;
            }
        }
        return null;
    }

    private Layer layer(int depth, BlockNode node) {
        BlockNode source = source(node);
        return new Layer(
                depth,
                node.name(),
                source.filename(),
                node.driver(),
                source.sourceType(),
                node.virtualSize(),
                node.actualSize(),
                node.clusterSize(),
                node.backingFilename(),
                node.readOnly());
    }

    /** The node that holds the file open: down the file edges, through filters ({@code blkdebug} calls its edge image). */
    private BlockNode source(BlockNode node) {
        BlockNode source = node;
        for (int i = 0; i < 16; i++) {
            BlockNode below = next(source, "file", "image");
            if (below == null) {
                return source;
            }
            source = below;
        }
        return source;
    }

    private void joinByFileNames() {
        List<BlockNode> all = List.copyOf(nodes.values());
        for (BlockNode node : all) {
            if (node.backingFilename() == null) {
                continue;
            }
            all.stream()
                    .filter(n -> !n.protocol() && !n.filter() && !n.name().equals(node.name()))
                    .filter(n -> Paths.same(n.filename(), node.backingFilename()))
                    .findFirst()
                    .ifPresent(below -> nodes.put(node.name(), withBacking(node, below.name())));
        }
    }

    private static BlockNode withBacking(BlockNode node, NodeName backing) {
        return new BlockNode(
                node.name(),
                node.driver(),
                node.filename(),
                node.givenFilename(),
                node.virtualSize(),
                node.actualSize(),
                node.clusterSize(),
                node.backingFilename(),
                node.readOnly(),
                List.of(new Child("backing", backing)));
    }
}
