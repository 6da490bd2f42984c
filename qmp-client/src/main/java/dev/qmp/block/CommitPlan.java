package dev.qmp.block;

import dev.qmp.job.JobId;
import dev.qmp.plan.Plan;
import java.util.List;

/**
 * A commit that has passed its checks.
 *
 * @param top the highest layer whose data go down
 * @param base the layer that takes them
 * @param jobId the job's
 * @param plan the steps
 */
public record CommitPlan(Disk disk, Layer top, Layer base, JobId jobId, Plan plan) {

    /** Whether the active layer is committed: then the job becomes READY, and goes on with what the guest writes. */
    public boolean active() {
        return top.active();
    }

    /** Whether the chain changes: not so where the guest stays in its overlay. */
    public boolean changesChain() {
        return plan.disks().stream().anyMatch(change -> !change.before().equals(change.after()));
    }

    /** The layers whose data go down, the highest first. */
    public List<Layer> merged() {
        return disk.layers().subList(top.depth(), base.depth());
    }
}
