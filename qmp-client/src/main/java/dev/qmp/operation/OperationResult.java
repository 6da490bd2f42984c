package dev.qmp.operation;

import dev.qmp.block.BlockGraph;
import dev.qmp.job.JobId;
import dev.qmp.job.JobInfo;
import dev.qmp.plan.Plan;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an operation ended, or where it was left.
 *
 * @param end what became of it
 * @param graph the graph as it is now; null where there is no QEMU to ask
 * @param jobs the last state of each job that was waited for
 * @param removed the files that are gone
 * @param kept for each file that stayed though it was to go, why
 */
public record OperationResult(
        String id,
        Plan plan,
        End end,
        @Nullable BlockGraph graph,
        Map<JobId, JobInfo> jobs,
        List<String> removed,
        Map<String, String> kept) {

    /** What became of an operation. */
    public enum End {
        /** All of it was done. */
        DONE,
        /** All of it was taken back. */
        UNDONE,
        /** Its jobs go on in QEMU; it is open, and can be resumed. */
        LEFT_RUNNING
    }

    public OperationResult {
        jobs = Map.copyOf(jobs);
        removed = List.copyOf(removed);
        kept = Map.copyOf(kept);
    }
}
