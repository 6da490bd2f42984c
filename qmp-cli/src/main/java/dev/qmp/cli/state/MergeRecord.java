package dev.qmp.cli.state;

import java.time.Instant;

/**
 * Data that moved.
 *
 * @param file the layer that left the chain
 * @param into the layer that has its data now
 * @param how {@code pull} or {@code commit}
 */
public record MergeRecord(String file, String into, String how, Instant at) {}
