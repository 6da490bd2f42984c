/**
 * The client: connect to a QEMU's monitor, execute commands, hear events, close.
 *
 * <p>Owns {@link dev.qmp.QmpClient}, its options, and where the schema of a QEMU is kept between connections. It knows the
 * session below it and nothing of jobs or disks, which are built on it in {@code dev.qmp.job} and {@code dev.qmp.block}.
 */
@NullMarked
package dev.qmp;

import org.jspecify.annotations.NullMarked;
