/**
 * The schema that a running QEMU publishes of itself, as a value.
 *
 * <p>Owns the queryable form of {@code query-qmp-schema} ({@link dev.qmp.schema.QmpSchema}), how words that a person typed
 * become a command's arguments by that schema ({@link dev.qmp.schema.ArgumentParser}), and what is wrong with arguments before
 * they are sent ({@link dev.qmp.schema.SchemaValidator}). It knows no session.
 */
@NullMarked
package dev.qmp.schema;

import org.jspecify.annotations.NullMarked;
