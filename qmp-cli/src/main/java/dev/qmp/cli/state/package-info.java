/**
 * What is remembered of a guest between two runs: the snapshots that were taken, and where data have moved since.
 *
 * <p>Owns the state folder, its files and their safety, and the comparison of records with the live chain, which alone is
 * believed. It knows no QEMU: it is given chains and files.
 */
@NullMarked
package dev.qmp.cli.state;

import org.jspecify.annotations.NullMarked;
