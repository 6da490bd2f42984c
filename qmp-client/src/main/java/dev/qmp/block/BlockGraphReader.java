package dev.qmp.block;

import dev.qmp.QmpClient;
import dev.qmp.error.CommandFailedException;
import dev.qmp.job.JobInfo;
import dev.qmp.job.Jobs;
import dev.qmp.qapi.BlockDeviceInfo;
import dev.qmp.qapi.BlockInfo;
import dev.qmp.qapi.QomGet;
import dev.qmp.qapi.QueryBlock;
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

    BlockGraphReader(QmpClient client, Jobs jobs, UnaryOperator<String> absolute) {
        this.client = client;
        this.jobs = jobs;
        this.nodeReader = new NodeReader(absolute);
    }

    CompletableFuture<BlockGraph> read() {
        return read(ATTEMPTS);
    }

    private CompletableFuture<BlockGraph> read(int attempts) {
        // Not all at once: whether there is a stream job decides what may be asked.
        return jobs.list()
                .thenCompose(jobsNow -> client.execute(new QueryBlock())
                        .thenCompose(block -> nodes(block, jobsNow)
                                .thenCompose(found -> kinds(block).thenCompose(kinds -> {
                                    GraphParser parser = new GraphParser(
                                            block, found.nodes(), found.debug().orElse(null), jobsNow, kinds);
                                    return parser.consistent() || attempts == 1
                                            ? CompletableFuture.completedFuture(parser.graph())
                                            : read(attempts - 1);
                                }))));
    }

    private record Found(List<BlockNode> nodes, Optional<DebugGraph> debug) {}

    private CompletableFuture<Found> nodes(List<BlockInfo> block, List<JobInfo> jobsNow) {
        if (BlockGraph.streaming(jobsNow).isEmpty()) {
            return namedNodes()
                    .thenCompose(named -> edges(named, jobsNow)
                            .thenApply(debug -> new Found(nodeReader.nodes(named, debug.orElse(null)), debug)));
        }
        // The question for the named nodes would be dangerous: see ChainNodes.
        return debugGraph()
                .thenCompose(debug -> debug.isPresent()
                        ? CompletableFuture.completedFuture(
                                new Found(ChainNodes.of(block, debug.get(), nodeReader), debug))
                        // A QEMU that has lost the unstable command is newer than those that must not be asked.
                        : namedNodes().thenApply(named -> new Found(nodeReader.nodes(named, null), debug)));
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
    private CompletableFuture<Map<String, DeviceKind>> kinds(List<BlockInfo> queryBlock) {
        CompletableFuture<?> all = CompletableFuture.completedFuture(null);
        for (BlockInfo drive : queryBlock) {
            String path = GraphParser.qomPath(drive);
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
