package dev.qmp.block;

import dev.qmp.error.UnsafeOperationException;
import dev.qmp.job.JobId;
import dev.qmp.job.JobInfo;
import dev.qmp.job.JobStatus;
import dev.qmp.qapi.JobType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the block layer of a QEMU looked like at one moment.
 *
 * @param disks in the order of {@code query-block}; of a storage daemon its exports, then the nodes that nothing uses. While
 *     it has a stream job, the layers of its disks have names and no files
 * @param nodes every node, by name
 * @param jobs every job
 * @param jobNodes for each block job the nodes that it works on, as far as QEMU tells
 */
public record BlockGraph(
        List<Disk> disks, Map<NodeName, BlockNode> nodes, List<JobInfo> jobs, Map<JobId, Set<NodeName>> jobNodes) {

    public BlockGraph {
        disks = List.copyOf(disks);
        nodes = Map.copyOf(nodes);
        jobs = List.copyOf(jobs);
        jobNodes = Map.copyOf(jobNodes);
    }

    /**
     * Finds the disk that a user means, in this order: device id, block backend, QOM path, node name, absolute file name of
     * the active layer.
     *
     * @throws UnsafeOperationException ({@code disk-not-found}, {@code disk-ambiguous}); its message lists the disks
     */
    public Disk disk(String text) {
        List<Predicate<Disk>> ways = List.of(
                d -> d.qdevId().filter(text::equals).isPresent(),
                d -> text.equals(d.backend()),
                d -> text.equals(d.qomPath()),
                d -> (d.rootNode() != null && d.rootNode().value().equals(text))
                        || d.active().filter(l -> l.node().value().equals(text)).isPresent(),
                d -> Paths.absolute(text)
                        && d.active().filter(l -> Paths.same(l.file(), text)).isPresent());
        for (Predicate<Disk> way : ways) {
            List<Disk> hits = disks.stream().filter(way).toList();
            if (hits.size() == 1) {
                return hits.get(0);
            }
            if (hits.size() > 1) {
                throw new UnsafeOperationException(
                        "disk-ambiguous",
                        "'" + text + "' means more than one disk: " + names(hits),
                        "name one of them by its own name");
            }
        }
        throw new UnsafeOperationException(
                "disk-not-found",
                "no disk '" + text + "' in this guest",
                disks.isEmpty() ? "this guest has no disks" : "its disks are " + names(disks));
    }

    /**
     * The same disk in this graph, empty where it is gone. A disk keeps its device, or its backend, over its life; a storage
     * daemon's node by itself is found again in the chain that was built on it, or that it was merged into.
     */
    public Optional<Disk> same(Disk disk) {
        return disks.stream()
                .filter(d -> disk.qomPath() != null
                        ? disk.qomPath().equals(d.qomPath())
                        : disk.backend() != null
                                ? disk.backend().equals(d.backend())
                                : !d.attached() && (holdsActive(d, disk) || holdsActive(disk, d)))
                .findFirst();
    }

    private static boolean holdsActive(Disk chain, Disk disk) {
        return disk.active()
                .map(active -> chain.layers().stream().anyMatch(l -> l.node().equals(active.node())))
                .orElse(false);
    }

    /**
     * Does nothing where the layers' files are known.
     *
     * @throws UnsafeOperationException ({@code stream-job}) for a storage daemon with a stream job: then they have names alone
     */
    public void requireFiles() {
        disks.forEach(disk -> disk.active().ifPresent(active -> DiskChecks.filesKnown(disk, active)));
    }

    /** The job that works on a disk's chain and has not concluded; empty where there is none. */
    public Optional<JobInfo> jobOn(Disk disk) {
        return jobs.stream()
                .filter(j -> j.status() != JobStatus.CONCLUDED && j.status() != JobStatus.NULL)
                .filter(j -> worksOn(j.id(), disk))
                .findFirst();
    }

    /**
     * The concluded job that holds a disk's nodes until somebody dismisses it; empty where there is none. Nodes that a stream
     * or a commit has worked on stay blocked for that long (7.2 and 10.0).
     */
    Optional<JobInfo> heldBy(Disk disk) {
        return jobs.stream()
                .filter(j -> j.status() == JobStatus.CONCLUDED)
                .filter(j -> jobNodes.containsKey(j.id()) && worksOn(j.id(), disk))
                .findFirst();
    }

    /** The disk that a job works on, empty where it works on none or QEMU does not tell. */
    public Optional<Disk> diskOf(JobId job) {
        return disks.stream().filter(d -> worksOn(job, d)).findFirst();
    }

    /**
     * A job while which {@code query-named-block-nodes} may end QEMU, empty where there is none: a stream in whatever state
     * ({@link ChainNodes}), and a qcow2 image that is being created, since 7.2 tells of it half opened and dies of its own
     * assertion ({@code qcow2_get_specific_info}).
     */
    static Optional<JobInfo> unaskable(List<JobInfo> jobs) {
        return jobs.stream()
                .filter(j -> j.type().equals(JobType.STREAM)
                        || (j.type().equals(JobType.CREATE) && j.status() != JobStatus.CONCLUDED))
                .findFirst();
    }

    private boolean worksOn(JobId job, Disk disk) {
        Set<NodeName> used = jobNodes.getOrDefault(job, Set.of());
        if (used.isEmpty()) {
            // QEMU's default id of a job on a -drive disk is the backend's name.
            return job.value().equals(disk.backend());
        }
        return disk.layers().stream().anyMatch(l -> used.contains(l.node()))
                || (disk.rootNode() != null && used.contains(disk.rootNode()));
    }

    /** The node that uses a file, empty where none does. Protocol nodes are preferred: they hold the file open. */
    Optional<BlockNode> nodeUsing(Predicate<String> file) {
        List<BlockNode> using = new ArrayList<>();
        for (BlockNode node : nodes.values()) {
            if (file.test(node.filename())) {
                using.add(node);
            }
        }
        return using.stream()
                .filter(BlockNode::protocol)
                .findFirst()
                .or(() -> using.stream().findFirst());
    }

    @Nullable
    BlockNode node(@Nullable NodeName name) {
        return name == null ? null : nodes.get(name);
    }

    /** The names that a user could write, each disk's best one first. */
    static String names(List<Disk> disks) {
        return disks.stream()
                .map(d -> {
                    Set<String> others = new TreeSet<>();
                    if (d.backend() != null && !d.backend().equals(d.name())) {
                        others.add(d.backend());
                    }
                    d.active().map(Layer::file).ifPresent(others::add);
                    return others.isEmpty() ? d.name() : d.name() + " (" + String.join(", ", others) + ")";
                })
                .collect(Collectors.joining(", "));
    }
}
