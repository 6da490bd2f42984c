package dev.qmp.transport;

/**
 * A process on the client's end of a connection to a UNIX socket. A descriptor that was inherited or passed on is held by
 * several, each of which is listed.
 *
 * @param pid its process id; -1 where we may not see who holds the connection (another user's process, another PID namespace)
 * @param command its name as the kernel keeps it, 15 bytes at most (proc(5), {@code comm}); empty where unknown
 * @param accepted whether the server has accepted the connection; false while it waits in the queue, and then the server
 *     serves somebody else
 */
public record SocketHolder(int pid, String command, boolean accepted) {}
