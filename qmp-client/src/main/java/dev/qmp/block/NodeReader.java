package dev.qmp.block;

import dev.qmp.block.BlockNode.Child;
import dev.qmp.qapi.BlockDeviceInfo;
import dev.qmp.qapi.BlockdevChild;
import dev.qmp.qapi.ImageInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The answer to {@code query-named-block-nodes} as nodes. */
final class NodeReader {

    private final UnaryOperator<String> absolute;

    /** @param absolute makes a name absolute that QEMU has relative to its working folder, where that is known */
    NodeReader(UnaryOperator<String> absolute) {
        this.absolute = absolute;
    }

    /**
     * The nodes, with the edges that they have themselves ({@code children}, seen on 11.1) or else those of the debug graph.
     *
     * @param debug null where it is not there
     */
    List<BlockNode> nodes(List<BlockDeviceInfo> named, @Nullable DebugGraph debug) {
        List<BlockNode> nodes = new ArrayList<>();
        for (BlockDeviceInfo node : named) {
            String name = node.nodeName() == null ? "?" : node.nodeName();
            List<Child> children = new ArrayList<>(debug == null ? List.of() : debug.childrenOf(name));
            List<BlockdevChild> own = node.children();
            if (own != null) {
                children.clear();
                own.forEach(child -> children.add(new Child(child.child(), new NodeName(child.nodeName()))));
            }
            nodes.add(node(new NodeName(name), node.drv(), node.ro(), node.image(), children));
        }
        return nodes;
    }

    /** Whether the nodes say themselves who their children are. */
    static boolean haveChildren(List<BlockDeviceInfo> named) {
        return named.stream().anyMatch(node -> node.children() != null);
    }

    BlockNode node(NodeName name, String driver, boolean readOnly, ImageInfo image, List<Child> children) {
        String backing = image.fullBackingFilename() != null ? image.fullBackingFilename() : image.backingFilename();
        return new BlockNode(
                name,
                driver,
                absolute.apply(image.filename()),
                image.filename(),
                image.virtualSize(),
                image.actualSize(),
                image.clusterSize(),
                backing == null || backing.isEmpty() ? null : absolute.apply(backing),
                readOnly,
                children);
    }

    /** A node of which no more is known than its name and where its data are. */
    BlockNode node(NodeName name, String driver, boolean readOnly, String filename, long size, List<Child> children) {
        return new BlockNode(
                name, driver, absolute.apply(filename), filename, size, null, null, null, readOnly, children);
    }
}
