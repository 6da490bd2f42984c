package dev.qmp.block;

import dev.qmp.block.BlockNode.Child;
import dev.qmp.qapi.BlockDeviceInfo;
import dev.qmp.qapi.BlockInfo;
import dev.qmp.qapi.ImageInfo;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code query-named-block-nodes} would say of the nodes in the chains, put together from {@code query-block} and
 * {@code x-debug-query-block-graph}. For while there is a stream job: QEMU 7.2 and 10.0 die of a segmentation fault when
 * they are asked for the named nodes and a stream has concluded that nobody has dismissed, because the job then holds a
 * copy-on-read filter without a child. A running one may conclude before the question arrives.
 *
 * <p>Nodes outside of the chains are there with their names alone.
 */
final class ChainNodes {

    private final DebugGraph graph;
    private final NodeReader reader;
    private final Map<String, BlockNode> nodes = new LinkedHashMap<>();

    private ChainNodes(DebugGraph graph, NodeReader reader) {
        this.graph = graph;
        this.reader = reader;
    }

    /** The nodes; none at all where the two answers do not fit, because the graph has moved between them. */
    static List<BlockNode> of(List<BlockInfo> queryBlock, DebugGraph graph, NodeReader reader) {
        ChainNodes chains = new ChainNodes(graph, reader);
        for (BlockInfo drive : queryBlock) {
            BlockDeviceInfo inserted = drive.inserted();
            if (inserted != null && inserted.nodeName() != null && !chains.chain(inserted.nodeName(), inserted)) {
                return List.of();
            }
        }
        for (String name : graph.children().keySet()) {
            chains.add(name, "?", true, "", 0);
        }
        return List.copyOf(chains.nodes.values());
    }

    /**
     * All nodes with their names alone, which is what a storage daemon tells without danger (7.2 dies there as well). A node
     * with one child that has children itself is taken for a filter.
     */
    static List<BlockNode> names(DebugGraph graph, NodeReader reader) {
        ChainNodes chains = new ChainNodes(graph, reader);
        for (String name : graph.children().keySet()) {
            String below = chains.onlyChild(name);
            boolean leaf = graph.childrenOf(name).isEmpty();
            boolean filter = below != null && !graph.childrenOf(below).isEmpty();
            chains.add(name, leaf ? "file" : filter ? "copy-on-read" : "?", false, "", 0);
        }
        return List.copyOf(chains.nodes.values());
    }

    private boolean chain(String root, BlockDeviceInfo inserted) {
        String node = root;
        boolean readOnly = inserted.ro();
        ImageInfo image = inserted.image();
        while (true) {
            if (!graph.children().containsKey(node)) {
                return false;
            }
            nodes.putIfAbsent(
                    node, reader.node(new NodeName(node), image.format(), readOnly, image, graph.childrenOf(node)));
            boolean filter = BlockNode.isFilter(image.format());
            String source = child(node, "file");
            if (source != null && !filter) {
                String name = image.filename();
                add(source, PseudoName.protocol(name), readOnly, PseudoName.file(name), image.virtualSize());
            }
            String next = filter && source != null ? source : child(node, "backing");
            ImageInfo below = image.backingImage();
            if (below == null) {
                return true;
            }
            if (next == null) {
                return false;
            }
            node = belowFilters(next, below);
            image = below;
            readOnly = true;
        }
    }

    /** {@code query-block} hides the filters that jobs put in between; the edges go through them. */
    private String belowFilters(String from, ImageInfo image) {
        String node = from;
        String child = onlyChild(node);
        // A graph has no cycles, but what a peer says of one can.
        Set<String> seen = new HashSet<>();
        while (child != null
                && seen.add(node)
                && !graph.childrenOf(child).isEmpty()
                && !BlockNode.isFilter(image.format())
                && !image.format().equals("raw")) {
            add(node, "copy-on-read", true, PseudoName.file(image.filename()), image.virtualSize());
            node = child;
            child = onlyChild(node);
        }
        return node;
    }

    private @Nullable String onlyChild(String node) {
        List<Child> children = graph.childrenOf(node);
        return children.size() == 1 ? children.get(0).node().value() : null;
    }

    private @Nullable String child(String node, String role) {
        return graph.childrenOf(node).stream()
                .filter(child -> child.role().equals(role))
                .map(child -> child.node().value())
                .findFirst()
                .orElse(null);
    }

    private void add(String name, String driver, boolean readOnly, String filename, long size) {
        nodes.computeIfAbsent(
                name, n -> reader.node(new NodeName(n), driver, readOnly, filename, size, graph.childrenOf(n)));
    }
}
