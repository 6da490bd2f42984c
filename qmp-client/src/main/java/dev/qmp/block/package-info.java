/**
 * The live block layer of a QEMU: what its disks are made of, and the operations that change it.
 *
 * <p>Owns the block graph as values ({@link dev.qmp.block.BlockGraph}, {@link dev.qmp.block.Disk},
 * {@link dev.qmp.block.Layer}) and the operations on it. An operation is a plan first: computed from the graph, checked,
 * printable, and only then run; it ends by reading the graph again and saying what is true now. The package knows jobs and
 * the client, and nothing of a terminal.
 */
@NullMarked
package dev.qmp.block;

import org.jspecify.annotations.NullMarked;
