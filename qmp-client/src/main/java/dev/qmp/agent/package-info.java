/**
 * The agent inside a guest: the same wire as a monitor's, another conversation.
 *
 * <p>Owns {@link dev.qmp.agent.QemuGuestAgent}, which freezes and thaws a guest's file systems, lists them and pings, and the
 * values that it returns, written by hand: the agent has no schema to be asked for. It knows the session that it converses
 * by and the client's options, and nothing of QEMU itself, of jobs or of the host's disks.
 */
@NullMarked
package dev.qmp.agent;

import org.jspecify.annotations.NullMarked;
