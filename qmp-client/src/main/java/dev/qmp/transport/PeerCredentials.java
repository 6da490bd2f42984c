package dev.qmp.transport;

/**
 * The process that called {@code listen(2)} on the other end of a UNIX socket ({@code SO_PEERCRED}, unix(7)). For a QEMU
 * that opened its socket itself this is QEMU; for one that inherited the socket it is the process that made it.
 *
 * @param pid its process id, -1 where the transport cannot tell
 * @param uid its effective user id at that time
 * @param gid its effective group id at that time
 */
public record PeerCredentials(int pid, int uid, int gid) {}
