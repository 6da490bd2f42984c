package dev.qmp.block;

import dev.qmp.PeerKind;
import dev.qmp.QmpClient;
import dev.qmp.error.CommandFailedException;
import dev.qmp.job.JobInfo;
import dev.qmp.job.Jobs;
import dev.qmp.qapi.BlockDeviceInfo;
import dev.qmp.qapi.BlockExportInfo;
import dev.qmp.qapi.BlockInfo;
import dev.qmp.qapi.QomGet;
import dev.qmp.qapi.QueryBlock;
import dev.qmp.qapi.QueryBlockExports;
import dev.qmp.qapi.QueryNamedBlockNodes;
import dev.qmp.qapi.XDebugQueryBlockGraph;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads the graph. QEMU answers one query after the other, so the graph can move between them; a reading whose parts do
 * not fit is taken again.
 */
final class BlockGraphReader {

    private static final int ATTEMPTS = 5;

    private final QmpClient client;
    private final Jobs jobs;
    private final NodeReader nodeReader;
    private final Map<String, DeviceKind> kinds = new ConcurrentHashMap<>();
    private volatile @Nullable PeerKind peer;

    BlockGraphReader(QmpClient client, Jobs jobs, UnaryOperator<String> absolute) {
        this.client = client;
        this.jobs = jobs;
        this.nodeReader = new NodeReader(absolute);
    }

    CompletableFuture<BlockGraph> read() {
        return read(ATTEMPTS);
    }

    private CompletableFuture<BlockGraph> read(int attempts) {
        // Not all at once: whether there is such a job decides what may be asked.
        return jobs.list()
                .thenCompose(jobsNow -> holders()
                        .thenCompose(holders -> nodes(holders, jobsNow)
                                .thenCompose(found -> kinds(holders).thenCompose(kinds -> {
                                    GraphParser parser = new GraphParser(
                                            holders.drives(found),
                                            found.nodes(),
                                            found.debug().orElse(null),
                                            jobsNow,
                                            kinds);
                                    return parser.consistent() || attempts == 1
                                            ? CompletableFuture.completedFuture(parser.graph())
                                            : read(attempts - 1);
                                }))));
    }

    /**
     * What holds the chains.
     *
     * @param machines the answer to {@code query-block}
     * @param exports the answer to {@code query-block-exports}; empty where there is a machine
     */
    private record Holders(List<BlockInfo> machines, Optional<List<BlockExportInfo>> exports) {

        List<Drive> drives(Found found) {
            return exports.isPresent()
                    ? DaemonDrives.of(exports.get(), found.nodes(), found.edgesKnown())
                    : machines.stream().map(Drive::of).toList();
        }
    }

    private CompletableFuture<Holders> holders() {
        return client.execute(new QueryBlock())
                .thenCompose(block -> (block.isEmpty() ? kind() : CompletableFuture.completedFuture(PeerKind.MACHINE))
                        .thenCompose(kind -> kind == PeerKind.MACHINE
                                ? CompletableFuture.completedFuture(new Holders(block, Optional.empty()))
                                : client.execute(new QueryBlockExports())
                                        .thenApply(exports -> new Holders(block, Optional.of(exports)))));
    }

    /** Asked only where there is no drive, and once. */
    private CompletableFuture<PeerKind> kind() {
        PeerKind known = peer;
        return known != null
                ? CompletableFuture.completedFuture(known)
                : PeerKind.of(client).thenApply(kind -> {
                    peer = kind;
                    return kind;
                });
    }

    /** @param edgesKnown whether all nodes have all their children */
    private record Found(List<BlockNode> nodes, Optional<DebugGraph> debug, boolean edgesKnown) {}

    private CompletableFuture<Found> nodes(Holders holders, List<JobInfo> jobsNow) {
        if (BlockGraph.unaskable(jobsNow).isEmpty()) {
            return namedNodes().thenCompose(named -> edges(named, jobsNow).thenApply(debug -> found(named, debug)));
        }
        // The question for the named nodes would be dangerous: see ChainNodes.
        return debugGraph()
                .thenCompose(debug -> debug.isPresent()
                        ? CompletableFuture.completedFuture(new Found(chains(holders, debug.get()), debug, true))
                        // A QEMU that has lost the unstable command is newer than those that must not be asked.
                        : namedNodes().thenApply(named -> found(named, debug)));
    }

    private Found found(List<BlockDeviceInfo> named, Optional<DebugGraph> debug) {
        return new Found(
                nodeReader.nodes(named, debug.orElse(null)),
                debug,
                debug.isPresent() || NodeReader.haveChildren(named));
    }

    private List<BlockNode> chains(Holders holders, DebugGraph debug) {
        return holders.exports().isPresent()
                ? ChainNodes.names(debug, nodeReader)
                : ChainNodes.of(holders.machines(), debug, nodeReader);
    }

    private CompletableFuture<List<BlockDeviceInfo>> namedNodes() {
        // Without flat the reply grows with the square of the chain: 10 MB and 2 s for 200 layers (7.2 to 11.1).
        return client.execute(QueryNamedBlockNodes.builder().flat(true).build());
    }

    /** The debug graph, where the nodes do not say all that is wanted: their children, and which jobs hold them. */
    private CompletableFuture<Optional<DebugGraph>> edges(List<BlockDeviceInfo> named, List<JobInfo> jobsNow) {
        return jobsNow.isEmpty() && NodeReader.haveChildren(named)
                ? CompletableFuture.completedFuture(Optional.empty())
                : debugGraph();
    }

    /** Empty where QEMU has no such command; it is not a stable one. */
    private CompletableFuture<Optional<DebugGraph>> debugGraph() {
        return client.execute(new XDebugQueryBlockGraph())
                .thenApply(graph -> Optional.of(DebugGraph.of(graph)))
                .exceptionally(failure -> {
                    ignoreRefusal(failure);
                    return Optional.empty();
                });
    }

    /** {@code query-block} does not tell a CD-ROM from a floppy; the device's type does, and does not change. */
    private CompletableFuture<Map<String, DeviceKind>> kinds(Holders holders) {
        CompletableFuture<?> all = CompletableFuture.completedFuture(null);
        for (Drive drive : holders.machines().stream().map(Drive::of).toList()) {
            String path = drive.qomPath();
            if (path == null || kinds.containsKey(path) || !drive.removable()) {
                continue;
            }
            CompletableFuture<?> one = client.execute(new QomGet(path, "type"))
                    .thenAccept(type -> kinds.put(path, kind(type.toJson().asText())))
                    // A device that was unplugged in between, or of a kind without a type: it stays a disk.
                    .exceptionally(BlockGraphReader::ignoreRefusal);
            all = all.thenCombine(one, (a, b) -> kinds);
        }
        return all.thenApply(done -> Map.copyOf(kinds));
    }

    private static DeviceKind kind(String type) {
        String lower = type.toLowerCase(Locale.ROOT);
        return lower.endsWith("-cd")
                ? DeviceKind.CDROM
                : lower.contains("floppy") ? DeviceKind.FLOPPY : DeviceKind.DISK;
    }

    private static @Nullable Void ignoreRefusal(Throwable failure) {
        if (unwrap(failure) instanceof CommandFailedException) {
            return null;
        }
        throw new CompletionException(unwrap(failure));
    }

    static Throwable unwrap(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
