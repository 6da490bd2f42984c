package dev.qmp.block;

import dev.qmp.plan.Plan;
import java.util.List;

/**
 * A revert that has passed its checks.
 *
 * @param stops whether the guest runs now, and stands still while its disks are changed
 * @param runsAfterwards whether it runs afterwards
 * @param plan the steps
 */
public record RevertPlan(String name, List<Entry> disks, boolean stops, boolean runsAfterwards, Plan plan) {

    /**
     * One disk.
     *
     * @param disk as it is now
     * @param frozen the image that it goes back to
     * @param overlay the new file that the guest writes to from then on
     * @param node the new file's node
     */
    public record Entry(Disk disk, String frozen, String format, String overlay, NodeName node) {}

    public RevertPlan {
        disks = List.copyOf(disks);
    }
}
