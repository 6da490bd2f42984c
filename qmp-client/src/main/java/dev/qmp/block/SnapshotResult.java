package dev.qmp.block;

import java.time.Instant;

/**
 * A snapshot that was taken and found in the graph.
 *
 * @param createdAt when QEMU's success was heard, by this host's clock
 * @param graph the graph after it
 */
public record SnapshotResult(SnapshotPlan plan, Instant createdAt, BlockGraph graph) {}
