package dev.qmp.block;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.qmp.QmpClient;
import dev.qmp.error.CommandFailedException;
import dev.qmp.job.JobInfo;
import dev.qmp.job.Jobs;
import dev.qmp.qapi.RawCommand;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
    private final UnaryOperator<String> absolute;
    private final Map<String, DeviceKind> kinds = new ConcurrentHashMap<>();

    BlockGraphReader(QmpClient client, Jobs jobs, UnaryOperator<String> absolute) {
        this.client = client;
        this.jobs = jobs;
        this.absolute = absolute;
    }

    CompletableFuture<BlockGraph> read() {
        return read(ATTEMPTS);
    }

    private CompletableFuture<BlockGraph> read(int attempts) {
        // Not all at once: whether there is a stream job decides what may be asked.
        return jobs.list()
                .thenCompose(jobsNow -> client.execute("query-block")
                        .thenCompose(block -> named(jobsNow)
                                .thenCompose(named -> debugGraph(jobsNow, named)
                                        .thenCompose(debug -> nodes(block, named, debug)
                                                .thenCompose(nodes -> kinds(block)
                                                        .thenCompose(kinds -> {
                                                            GraphParser parser = new GraphParser(
                                                                    block,
                                                                    nodes,
                                                                    orNull(debug),
                                                                    jobsNow,
                                                                    kinds,
                                                                    absolute);
                                                            return parser.consistent() || attempts == 1
                                                                    ? CompletableFuture.completedFuture(parser.graph())
                                                                    : read(attempts - 1);
                                                        }))))));
    }

    /** Missing where the question would be dangerous: see {@link ChainNodes}. */
    private CompletableFuture<JsonNode> named(List<JobInfo> jobsNow) {
        if (BlockGraph.streaming(jobsNow).isPresent()) {
            return CompletableFuture.completedFuture(MissingNode.getInstance());
        }
        return namedNodes();
    }

    private CompletableFuture<JsonNode> namedNodes() {
        // Without flat the reply grows with the square of the chain: 10 MB and 2 s for 200 layers (7.2 to 11.1).
        return client.execute(RawCommand.of("query-named-block-nodes").with("flat", true));
    }

    private CompletableFuture<JsonNode> nodes(JsonNode block, JsonNode named, JsonNode debug) {
        if (!named.isMissingNode()) {
            return CompletableFuture.completedFuture(named);
        }
        // A QEMU that has lost the unstable command is newer than those that must not be asked.
        return debug.isMissingNode() ? namedNodes() : CompletableFuture.completedFuture(ChainNodes.of(block, debug));
    }

    /** An empty object where QEMU has no such command; it is not a stable one. */
    private CompletableFuture<JsonNode> debugGraph(List<JobInfo> jobsNow, JsonNode named) {
        if (jobsNow.isEmpty() && GraphParser.hasChildren(named)) {
            return CompletableFuture.completedFuture(MissingNode.getInstance());
        }
        return client.execute("x-debug-query-block-graph").exceptionally(failure -> {
            if (unwrap(failure) instanceof CommandFailedException) {
                return MissingNode.getInstance();
            }
            throw new CompletionException(unwrap(failure));
        });
    }

    private static @Nullable JsonNode orNull(JsonNode node) {
        return node.isMissingNode() ? null : node;
    }

    /** {@code query-block} does not tell a CD-ROM from a floppy; the device's type does, and does not change. */
    private CompletableFuture<Map<String, DeviceKind>> kinds(JsonNode queryBlock) {
        CompletableFuture<?> all = CompletableFuture.completedFuture(null);
        for (JsonNode entry : queryBlock) {
            String path = GraphParser.qomPath(entry);
            if (path == null
                    || kinds.containsKey(path)
                    || !entry.path("removable").asBoolean()) {
                continue;
            }
            CompletableFuture<?> one = client.execute(
                            RawCommand.of("qom-get").with("path", path).with("property", "type"))
                    .thenAccept(type -> kinds.put(path, kind(type.asText())))
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
