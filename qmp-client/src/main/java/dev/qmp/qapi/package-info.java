/**
 * QEMU's interface as values: commands, and the schema that a running QEMU publishes of itself.
 *
 * <p>Owns the seam {@link dev.qmp.qapi.QmpCommand}, which fixes a command's reply type, the queryable form of
 * {@code query-qmp-schema} ({@link dev.qmp.qapi.QmpSchema}), and how words that a person typed become a command's arguments
 * by that schema ({@link dev.qmp.qapi.ArgumentParser}). It knows no session.
 */
@NullMarked
package dev.qmp.qapi;

import org.jspecify.annotations.NullMarked;
