package dev.qmp.block;

import dev.qmp.qapi.BlockExportInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What {@code query-block} would say of a storage daemon, if it said anything: its drives are what it exports, in whose place
 * a disk stays while layers come and go, and the nodes that nothing uses, on which jobs can work as well.
 */
final class DaemonDrives {

    private DaemonDrives() {}

    /** @param edgesKnown whether the nodes' children are all of them: else nobody knows which nodes are not used */
    static List<Drive> of(List<BlockExportInfo> exports, List<BlockNode> nodes, boolean edgesKnown) {
        Map<NodeName, BlockNode> byName = new HashMap<>();
        Set<NodeName> used = new HashSet<>();
        for (BlockNode node : nodes) {
            byName.put(node.name(), node);
            node.children().forEach(child -> used.add(child.node()));
        }
        List<Drive> drives = new ArrayList<>();
        Set<NodeName> exported = new HashSet<>();
        for (BlockExportInfo export : exports) {
            NodeName node = new NodeName(export.nodeName());
            // One disk for all the exports of a node: they are one disk's several doors.
            if (exported.add(node)) {
                BlockNode exportedNode = byName.get(node);
                drives.add(drive(export.id(), node, exportedNode != null && exportedNode.readOnly()));
            }
        }
        used.addAll(exported);
        if (edgesKnown) {
            nodes.stream()
                    .filter(node -> !node.protocol() && !used.contains(node.name()))
                    .forEach(node -> drives.add(drive("", node.name(), node.readOnly())));
        }
        return drives;
    }

    private static Drive drive(String export, NodeName node, boolean readOnly) {
        return new Drive(export, null, false, node, readOnly);
    }
}
