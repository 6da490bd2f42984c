/**
 * QEMU's interface as values: a command as a value whose type fixes its reply's.
 *
 * <p>Owns the seam {@link dev.qmp.qapi.QmpCommand} and the command that is not typed ({@link dev.qmp.qapi.RawCommand}). It
 * knows no session, and nothing of what a running QEMU says of itself.
 */
@NullMarked
package dev.qmp.qapi;

import org.jspecify.annotations.NullMarked;
