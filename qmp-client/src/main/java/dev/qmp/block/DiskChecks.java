package dev.qmp.block;

import dev.qmp.error.UnsafeOperationException;
import dev.qmp.job.JobId;
import dev.qmp.job.JobInfo;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks that more than one operation makes of a disk before it sends anything. */
final class DiskChecks {

    private DiskChecks() {}

    /** The active layer of a disk that the guest can write to. QEMU would let a CD-ROM and a read-only disk pass. */
    static Layer writable(Disk disk) {
        Layer active = inserted(disk);
        disk(disk);
        if (disk.readOnly()) {
            throw new UnsafeOperationException(
                    "read-only",
                    "the disk " + disk.name() + " is read-only: the guest writes nothing that an overlay could take",
                    "name a writable disk");
        }
        return active;
    }

    /** No CD-ROM and no floppy drive. */
    static void disk(Disk disk) {
        if (disk.kind() != DeviceKind.DISK) {
            throw new UnsafeOperationException(
                    "not-a-disk",
                    disk.name() + " is a " + (disk.kind() == DeviceKind.CDROM ? "CD-ROM" : "floppy drive")
                            + ", not a disk",
                    "name a disk");
        }
    }

    static Layer inserted(Disk disk) {
        Layer active = disk.active()
                .orElseThrow(() -> new UnsafeOperationException(
                        "no-medium",
                        "the drive " + disk.name() + " has no medium",
                        "insert one, or name another disk"));
        filesKnown(disk, active);
        return active;
    }

    /** Not so while there is a stream job in a storage daemon: see {@link ChainNodes#names}. */
    static void filesKnown(Disk disk, Layer active) {
        if (active.file().isEmpty()) {
            throw new UnsafeOperationException(
                    "stream-job",
                    "the files of " + disk.name() + " are not to be had from a storage daemon while it has a stream"
                            + " job: up to QEMU 10.0 the question can end the daemon itself",
                    "wait for the job's end and dismiss it");
        }
    }

    /** No job works on the disk's chain: QEMU takes one at a time, and a change below a running job is no good idea. */
    static void idle(BlockGraph graph, Disk disk) {
        Optional<JobInfo> job = graph.jobOn(disk);
        if (job.isPresent()) {
            JobInfo running = job.get();
            throw new UnsafeOperationException(
                    "job-running",
                    "the job " + running.id().value() + " (" + running.type() + ", "
                            + running.status().name().toLowerCase(Locale.ROOT) + ") works on the disk "
                            + disk.name(),
                    "wait for its end, or cancel it");
        }
    }

    /** No job that has ended holds the disk, but for one that the operation is going to dismiss itself. */
    static void free(BlockGraph graph, Disk disk, @Nullable JobId own) {
        graph.heldBy(disk).filter(job -> !job.id().equals(own)).ifPresent(job -> {
            String id = job.id().value();
            throw new UnsafeOperationException(
                    "job-not-dismissed",
                    "the job " + id + " (" + job.type()
                            + ") has ended, and until somebody reads how, QEMU keeps the disk " + disk.name()
                            + " busy for it",
                    "read its ending and dismiss it");
        });
    }

    /** An image that is looked at is a node for that time, and the list of nodes is not to be had now: {@link ChainNodes}. */
    static void askable(BlockGraph graph, String what) {
        BlockGraph.unaskable(graph.jobs()).ifPresent(job -> {
            String id = job.id().value();
            throw new UnsafeOperationException(
                    "stream-job",
                    what + " cannot be looked at while there is the job " + id + " (" + job.type() + ")"
                            + ": up to QEMU 10.0 the question can end QEMU itself",
                    "wait for the job's end and dismiss it");
        });
    }

    /** Nothing between the disk and its active layer, which a pivot would take away with the layer or leave above nothing. */
    static void unfiltered(Disk disk, Layer active) {
        NodeName root = disk.rootNode();
        if (root != null && !root.equals(active.node())) {
            throw new UnsafeOperationException(
                    "filter-above",
                    "the disk " + disk.name() + " has the filter " + root + " above its active layer " + active.file()
                            + ", and QEMU switches a disk only where there is none",
                    "remove the filter, or leave the active layer where it is");
        }
    }

    /**
     * The id of a job to come: the user's, or one that is derived from the disk, so that a client that died can find its job
     * again.
     */
    static JobId freeJobId(BlockGraph graph, @Nullable JobId wanted, String operation, Disk disk) {
        JobId id = wanted != null
                ? wanted
                : new JobId(operation + "-" + disk.name().replaceAll("[^-._A-Za-z0-9]", "_"));
        graph.jobs().stream().filter(job -> job.id().equals(id)).findFirst().ifPresent(job -> {
            throw new UnsafeOperationException(
                    "job-id-taken",
                    "a job with the id " + id + " is there already (" + job.type() + ", "
                            + job.status().name().toLowerCase(Locale.ROOT) + ")",
                    "wait for its end and dismiss it, or give this one another id");
        });
        return id;
    }
}
