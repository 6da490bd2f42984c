package dev.qmp.block;

import dev.qmp.error.UnsafeOperationException;
import dev.qmp.job.JobId;
import dev.qmp.job.JobInfo;
import dev.qmp.job.JobStatus;
import dev.qmp.qapi.BlockStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From a graph and a wish to a pull's plan. */
final class PullPlanner {

    private final BlockGraph graph;

    PullPlanner(BlockGraph graph) {
        this.graph = graph;
    }

    PullPlan plan(PullRequest request) {
        Disk disk = graph.disk(request.disk());
        Layer active = DiskChecks.writable(disk);
        DiskChecks.idle(graph, disk);
        Layer base = request.base() == null ? null : base(disk, request.base());
        JobId id = request.jobId() != null ? request.jobId() : derivedId(disk);
        JobId stale = stale(id);
        DiskChecks.free(graph, disk, stale);
        BlockStream command = BlockStream.builder()
                .jobId(id.value())
                .device(active.node().value())
                .baseNode(base == null ? null : base.node().value())
                .backingFile(base == null ? null : backingName(base, active))
                .speed(request.speed() == 0 ? null : request.speed())
                .onError(request.onError())
                .autoDismiss(false)
                .build();
        return new PullPlan(disk, base, id, stale, command);
    }

    /** The id that a pull of this disk has unless the user gives one: a client that died can find its job again. */
    static JobId derivedId(Disk disk) {
        return new JobId("pull-" + disk.name().replaceAll("[^-._A-Za-z0-9]", "_"));
    }

    private static Layer base(Disk disk, String wanted) {
        Layer base = disk.layer(wanted)
                .orElseThrow(() -> new UnsafeOperationException(
                        "base-not-in-chain",
                        "'" + wanted + "' is not in the chain of " + disk.name(),
                        "the chain is " + disk.chainText() + "; name one of these files, or a node name"));
        if (base.active()) {
            throw new UnsafeOperationException(
                    "base-is-active",
                    "'" + wanted + "' is the active layer of " + disk.name() + ", into which the data is to be pulled",
                    "name a layer below it: the chain is " + disk.chainText());
        }
        return base;
    }

    /**
     * What the header is to name as the backing file; null leaves it to QEMU, which takes the node's file name. That is a
     * {@code json:} text for an image that was opened in a special way, and can be relative to QEMU's working folder.
     */
    private @Nullable String backingName(Layer base, Layer active) {
        BlockNode node = graph.node(base.node());
        return node == null || node.reachableFrom(Paths.folder(active.file())) || !Paths.absolute(base.file())
                ? null
                : base.file();
    }

    private @Nullable JobId stale(JobId id) {
        Optional<JobInfo> same =
                graph.jobs().stream().filter(j -> j.id().equals(id)).findFirst();
        if (same.isEmpty()) {
            return null;
        }
        if (same.get().status() != JobStatus.CONCLUDED) {
            throw new UnsafeOperationException(
                    "job-id-taken",
                    "a job with the id " + id.value() + " is there already ("
                            + same.get().type() + ")",
                    "wait for its end, or give this one another id");
        }
        return id;
    }
}
