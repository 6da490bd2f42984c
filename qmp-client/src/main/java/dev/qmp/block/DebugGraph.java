package dev.qmp.block;

import dev.qmp.block.BlockNode.Child;
import dev.qmp.job.JobId;
import dev.qmp.qapi.Uint64;
import dev.qmp.qapi.XDbgBlockGraph;
import dev.qmp.qapi.XDbgBlockGraphEdge;
import dev.qmp.qapi.XDbgBlockGraphNode;
import dev.qmp.qapi.XDbgBlockGraphNodeType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The answer to {@code x-debug-query-block-graph}, by names.
 *
 * @param children of each block node, by its name, in QEMU's order
 * @param jobNodes the nodes that each job holds
 */
record DebugGraph(Map<String, List<Child>> children, Map<JobId, Set<NodeName>> jobNodes) {

    static DebugGraph of(XDbgBlockGraph graph) {
        Map<Uint64, XDbgBlockGraphNode> byId = new HashMap<>();
        Map<String, List<Child>> children = new LinkedHashMap<>();
        for (XDbgBlockGraphNode node : graph.nodes()) {
            byId.put(node.id(), node);
            if (node.type().equals(XDbgBlockGraphNodeType.BLOCK_DRIVER)) {
                children.put(node.name(), new ArrayList<>());
            }
        }
        Map<JobId, Set<NodeName>> jobNodes = new HashMap<>();
        for (XDbgBlockGraphEdge edge : graph.edges()) {
            XDbgBlockGraphNode parent = byId.get(edge.parent());
            XDbgBlockGraphNode child = byId.get(edge.child());
            if (parent == null || child == null || !child.type().equals(XDbgBlockGraphNodeType.BLOCK_DRIVER)) {
                continue;
            }
            NodeName name = new NodeName(child.name());
            if (parent.type().equals(XDbgBlockGraphNodeType.BLOCK_JOB)) {
                jobNodes.computeIfAbsent(new JobId(parent.name()), id -> new LinkedHashSet<>())
                        .add(name);
            } else if (parent.type().equals(XDbgBlockGraphNodeType.BLOCK_DRIVER)) {
                children.computeIfAbsent(parent.name(), n -> new ArrayList<>()).add(new Child(edge.name(), name));
            }
        }
        return new DebugGraph(children, jobNodes);
    }

    List<Child> childrenOf(String node) {
        return children.getOrDefault(node, List.of());
    }
}
