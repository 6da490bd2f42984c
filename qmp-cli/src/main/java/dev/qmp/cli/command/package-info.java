/**
 * The commands: each parses its words, calls the library and hands values to a renderer.
 *
 * <p>Owns the flags of the contract, the way from a TARGET to a client, and the one place where a failure becomes an exit
 * status. It writes no QMP line and prints nothing itself. virsh's dialect lives here too, and only maps flags.
 */
@NullMarked
package dev.qmp.cli.command;

import org.jspecify.annotations.NullMarked;
