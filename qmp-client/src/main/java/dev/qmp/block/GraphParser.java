package dev.qmp.block;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.block.BlockNode.Child;
import dev.qmp.job.JobId;
import dev.qmp.job.JobInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * QEMU's answers to values. The edges come from the nodes themselves where QEMU has them there ({@code children}, seen on
 * 11.1), else from {@code x-debug-query-block-graph} (7.2 and 10.0 have it), else from the file names in the headers.
 */
final class GraphParser {

    private final JsonNode queryBlock;
    private final Map<NodeName, BlockNode> nodes = new LinkedHashMap<>();
    private final Map<JobId, Set<NodeName>> jobNodes = new HashMap<>();
    private final List<JobInfo> jobs;
    private final Map<String, DeviceKind> kinds;
    private final UnaryOperator<String> absolute;

    /**
     * @param debugGraph the answer to {@code x-debug-query-block-graph}, null where there is none
     * @param kinds what removable devices are, by QOM path
     * @param absolute makes a name absolute that QEMU has relative to its working folder, where that is known
     */
    GraphParser(
            JsonNode queryBlock,
            JsonNode namedNodes,
            @Nullable JsonNode debugGraph,
            List<JobInfo> jobs,
            Map<String, DeviceKind> kinds,
            UnaryOperator<String> absolute) {
        this.absolute = absolute;
        this.queryBlock = queryBlock;
        this.jobs = jobs;
        this.kinds = kinds;
        Map<String, List<Child>> edges = debugGraph == null ? Map.of() : edges(debugGraph);
        boolean joined = debugGraph == null && !hasChildren(namedNodes);
        for (JsonNode node : namedNodes) {
            NodeName name = new NodeName(node.path("node-name").asText("?"));
            nodes.put(name, node(name, node, edges.getOrDefault(name.value(), List.of())));
        }
        if (joined) {
            joinByFileNames();
        }
    }

    /** Whether the nodes say themselves who their children are. */
    static boolean hasChildren(JsonNode namedNodes) {
        for (JsonNode node : namedNodes) {
            if (node.has("children")) {
                return true;
            }
        }
        return false;
    }

    /** The QOM path of a {@code query-block} entry's device, null where no device uses the drive. */
    static @Nullable String qomPath(JsonNode entry) {
        String qdev = entry.path("qdev").asText("");
        if (qdev.isEmpty()) {
            return null;
        }
        // QEMU gives the bare id for scsi, ide and nvme drives and a path for virtio ones (7.2 to 11.1).
        return qdev.startsWith("/") ? qdev : "/machine/peripheral/" + qdev;
    }

    /** Whether every medium's node is known: the answers were given one after the other, and the graph may have moved. */
    boolean consistent() {
        for (JsonNode entry : queryBlock) {
            JsonNode name = entry.path("inserted").path("node-name");
            if (name.isTextual() && !nodes.containsKey(new NodeName(name.asText()))) {
                return false;
            }
        }
        return true;
    }

    BlockGraph graph() {
        List<Disk> disks = new ArrayList<>();
        for (JsonNode entry : queryBlock) {
            disks.add(disk(entry));
        }
        return new BlockGraph(disks, nodes, jobs, jobNodes);
    }

    private Disk disk(JsonNode entry) {
        JsonNode inserted = entry.path("inserted");
        NodeName root = inserted.path("node-name").isTextual()
                ? new NodeName(inserted.path("node-name").asText())
                : null;
        String backend = entry.path("device").asText("");
        String qomPath = qomPath(entry);
        DeviceKind kind = qomPath == null ? DeviceKind.DISK : kinds.getOrDefault(qomPath, DeviceKind.DISK);
        return new Disk(
                backend.isEmpty() ? null : backend,
                qomPath,
                kind,
                inserted.path("ro").asBoolean(false),
                root,
                root == null ? List.of() : layers(root));
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

    private BlockNode node(NodeName name, JsonNode node, List<Child> edges) {
        JsonNode image = node.path("image");
        List<Child> children = new ArrayList<>(edges);
        for (JsonNode child : node.path("children")) {
            children.add(new Child(
                    child.path("child").asText(),
                    new NodeName(child.path("node-name").asText("?"))));
        }
        String filename = image.path("filename").asText(node.path("file").asText(""));
        String backing = image.path("full-backing-filename")
                .asText(image.path("backing-filename").asText(""));
        return new BlockNode(
                name,
                node.path("drv").asText("?"),
                absolute.apply(filename),
                filename,
                image.path("virtual-size").asLong(),
                image.has("actual-size") ? image.path("actual-size").asLong() : null,
                image.has("cluster-size") ? image.path("cluster-size").asLong() : null,
                backing.isEmpty() ? null : absolute.apply(backing),
                node.path("ro").asBoolean(false),
                children);
    }

    private Map<String, List<Child>> edges(JsonNode graph) {
        Map<Long, JsonNode> byId = new HashMap<>();
        graph.path("nodes").forEach(n -> byId.put(n.path("id").asLong(), n));
        Map<String, List<Child>> edges = new HashMap<>();
        for (JsonNode edge : graph.path("edges")) {
            JsonNode parent = byId.get(edge.path("parent").asLong());
            JsonNode child = byId.get(edge.path("child").asLong());
            if (parent == null || child == null || !child.path("type").asText().equals("block-driver")) {
                continue;
            }
            String parentName = parent.path("name").asText();
            NodeName childName = new NodeName(child.path("name").asText("?"));
            if (parent.path("type").asText().equals("block-job")) {
                jobNodes.computeIfAbsent(new JobId(parentName), id -> new LinkedHashSet<>())
                        .add(childName);
            } else if (parent.path("type").asText().equals("block-driver")) {
                edges.computeIfAbsent(parentName, n -> new ArrayList<>())
                        .add(new Child(edge.path("name").asText(), childName));
            }
        }
        return edges;
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
