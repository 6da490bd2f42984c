package dev.qmp.block;

import dev.qmp.QmpClient;
import dev.qmp.block.QemuFiles.Presence;
import dev.qmp.block.SnapshotPlan.Entry;
import dev.qmp.block.SnapshotRequest.Existing;
import dev.qmp.error.CommandFailedException;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.error.OutcomeUnknownException.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Sends a snapshot's plan, clears up after a refusal, and looks whether the graph has become what it should. */
final class SnapshotRun {

    private final QmpClient client;
    private final BlockGraphReader reader;
    private final QemuFiles files;
    private final Refusals refusals;

    SnapshotRun(QmpClient client, BlockGraphReader reader, QemuFiles files, Refusals refusals) {
        this.client = client;
        this.reader = reader;
        this.files = files;
        this.refusals = refusals;
    }

    CompletableFuture<SnapshotResult> run(SnapshotPlan plan) {
        return client.execute(plan.command())
                .handle((result, failure) ->
                        failure == null ? taken(plan, Instant.now()) : refused(plan, BlockGraphReader.unwrap(failure)))
                .thenCompose(outcome -> outcome);
    }

    private CompletableFuture<SnapshotResult> taken(SnapshotPlan plan, Instant at) {
        return reader.read().thenApply(graph -> {
            for (Entry entry : plan.disks()) {
                Disk now = graph.same(entry.disk()).orElse(null);
                boolean asPlanned = now != null
                        && now.layers().size() == entry.disk().layers().size() + 1
                        && now.layers().get(0).file().equals(entry.overlay())
                        && now.layers().get(1).node().equals(entry.base().node());
                if (!asPlanned) {
                    throw new OutcomeUnknownException(
                            plan.command().commandName(),
                            Reason.GRAPH_DIFFERS,
                            "QEMU accepted it, but the chain of " + entry.disk().name() + " is "
                                    + (now == null ? "gone with its disk" : now.chainText()),
                            null);
                }
            }
            return new SnapshotResult(plan, at, graph);
        });
    }

    /**
     * A refused transaction leaves the graph as it was, and on disk the overlays of the actions before the one that was
     * refused (7.2 to 11.1). They did not exist when the plan was checked, so they are ours to remove, unless the graph
     * has one of them in use after all.
     */
    private CompletableFuture<SnapshotResult> refused(SnapshotPlan plan, Throwable failure) {
        if (!(failure instanceof CommandFailedException refusal)) {
            return CompletableFuture.failedFuture(failure);
        }
        List<String> overlays = plan.disks().stream().map(Entry::overlay).toList();
        return reader.read()
                .thenCompose(graph -> clearUp(plan, graph))
                // Where nobody can look any more, QEMU's refusal is still what the caller must hear.
                .exceptionally(unreadable -> List.of())
                .thenApply(left -> {
                    throw new CompletionException(refusals.explain(refusal, overlays, left));
                });
    }

    /** Removes what is provably ours, and completes with the overlays that are there nevertheless and unused. */
    private CompletableFuture<List<String>> clearUp(SnapshotPlan plan, BlockGraph graph) {
        CompletableFuture<List<String>> left = CompletableFuture.completedFuture(List.of());
        if (plan.existing() != Existing.REFUSE) {
            return left;
        }
        for (Entry entry : plan.disks()) {
            String overlay = entry.overlay();
            boolean inUse = graph.nodeUsing(name -> files.same(name, overlay)).isPresent();
            if (!inUse && !files.removeLeftOver(overlay, entry.base().file())) {
                left = left.thenCombine(files.look(overlay), (before, finding) -> {
                    List<String> all = new ArrayList<>(before);
                    if (finding.presence() == Presence.PRESENT) {
                        all.add(overlay);
                    }
                    return all;
                });
            }
        }
        return left;
    }
}
