/**
 * Writes Java for what QMP offers: one record, union or enumeration for each command, event and type of the recorded
 * schemas.
 *
 * <p>Owns the way from {@code query-qmp-schema} to source files, and the table of names that QEMU's schema does not tell. It
 * runs in the build only, and knows nothing of the client but the few classes that the written code stands on.
 */
@NullMarked
package dev.qmp.generator;

import org.jspecify.annotations.NullMarked;
