package dev.qmp.block;

import dev.qmp.job.JobId;
import dev.qmp.plan.Plan;
import java.util.List;

/**
 * A copy that has passed its checks.
 *
 * @param destination where the copy will be, as the chain will show it
 * @param format the copy's
 * @param notes what a user should know beforehand; nothing in them is a reason to refuse
 * @param plan the steps
 */
public record CopyPlan(
        Disk disk,
        String destination,
        String format,
        CopyRequest.Ending ending,
        JobId jobId,
        List<String> notes,
        Plan plan) {

    public CopyPlan {
        notes = List.copyOf(notes);
    }

    /**
     * The nodes of the old chain that are there though no disk uses them any more: those that were added by name stay open
     * until somebody deletes them ({@code blockdev-del}), and keep their files locked.
     *
     * @param now the graph after the copy
     */
    public List<NodeName> unusedNodes(BlockGraph now) {
        return disk.layers().stream()
                .map(Layer::node)
                .filter(node -> now.nodes().containsKey(node))
                .filter(node -> now.disks().stream()
                        .noneMatch(other -> other.layers().stream()
                                .anyMatch(layer -> layer.node().equals(node))))
                .toList();
    }
}
