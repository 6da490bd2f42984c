package dev.qmp.transport;

import java.util.List;

/**
 * One UNIX socket as the kernel describes it; 0 and empty where it does not say.
 *
 * @param state as in TCP: 1 connected, 10 listening
 * @param name the address it is bound to, as it was written in bind(2); an abstract one starts with {@code @}
 * @param fileInode the inode of its socket file, its lower 32 bits
 * @param fileDevice the device of its socket file, in the kernel's own encoding
 * @param peer the inode of the socket on the other end
 * @param queued for a listening socket, the inodes of the clients that it has not accepted yet
 */
record UnixDiagEntry(
        long inode, int state, String name, long fileInode, long fileDevice, long peer, List<Long> queued) {

    private static final int TCP_LISTEN = 10;

    UnixDiagEntry {
        queued = List.copyOf(queued);
    }

    boolean isListening() {
        return state == TCP_LISTEN;
    }

    /** Whether it came from the same bind(2) as {@code other}: same name, same file. */
    boolean isBoundAs(UnixDiagEntry other) {
        return inode == other.inode
                || (!name.isEmpty()
                        && name.equals(other.name)
                        && fileInode == other.fileInode
                        && fileDevice == other.fileDevice);
    }
}
