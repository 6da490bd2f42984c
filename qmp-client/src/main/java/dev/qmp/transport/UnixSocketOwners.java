package dev.qmp.transport;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who holds the other end of a UNIX socket: why a monitor does not answer.
 *
 * <p>Asks the Linux kernel (sock_diag(7)) for the sockets of this network namespace, and {@code /proc} for the processes
 * that hold them. Processes that we may not look into show up with the pid -1: root sees all. Where the kernel cannot be
 * asked (another system, seccomp, no native library) every answer is empty; nothing here throws. Each call costs
 * milliseconds, the first one 100 ms and more: call it when something is wrong, and not on a link's loop.
 */
public final class UnixSocketOwners {

    private UnixSocketOwners() {}

    /**
     * Who is connected to the server that listens on {@code socketPath}, accepted connections first, then those that wait
     * in its queue. The caller's own connections are among them. Follows symbolic links; a server whose socket file has been
     * replaced since by another server's is not meant.
     */
    public static List<SocketHolder> clientsOf(Path socketPath) {
        try {
            return clients(boundTo(socketPath));
        } catch (Throwable e) {
            return List.of();
        }
    }

    /** Who listens on {@code socketPath}; more than one process where a child has inherited the socket. */
    public static List<SocketHolder> serversOf(Path socketPath) {
        try {
            Set<Long> listening = boundTo(socketPath).stream()
                    .filter(UnixDiagEntry::isListening)
                    .map(UnixDiagEntry::inode)
                    .collect(Collectors.toCollection(LinkedHashSet::new));
            return holders(Set.of(), listening);
        } catch (Throwable e) {
            return List.of();
        }
    }

    private static List<UnixDiagEntry> boundTo(Path socketPath) throws IOException {
        List<UnixDiagEntry> all = UnixDiag.dump();
        Optional<SocketFileId> file = SocketFileId.of(socketPath);
        List<UnixDiagEntry> bound = file.map(
                        id -> all.stream().filter(entry -> id.isOf(entry)).toList())
                .orElse(List.of());
        if (!bound.isEmpty()) {
            return bound;
        }
        // A file system whose numbers differ between stat(2) and the kernel's inside (overlayfs, btrfs).
        String name = socketPath.toAbsolutePath().normalize().toString();
        return all.stream().filter(entry -> entry.name().equals(name)).toList();
    }

    /**
     * Who is on the other end of the socket with this inode (the number in {@code socket:[N]} of {@code /proc/PID/fd}):
     * of a connection its peer, of a listening socket its clients as in {@link #clientsOf}. Meant for a monitor that QEMU
     * was given as a descriptor.
     */
    public static List<SocketHolder> holdersOfPeer(long inode) {
        try {
            List<UnixDiagEntry> all = UnixDiag.dump();
            Optional<UnixDiagEntry> found =
                    all.stream().filter(entry -> entry.inode() == inode).findFirst();
            if (found.isEmpty()) {
                return List.of();
            }
            UnixDiagEntry socket = found.get();
            if (socket.isListening()) {
                return clients(
                        all.stream().filter(entry -> entry.isBoundAs(socket)).toList());
            }
            return socket.peer() == 0 ? List.of() : holders(Set.of(socket.peer()), Set.of());
        } catch (Throwable e) {
            return List.of();
        }
    }

    /** An accepted socket bears its listener's name and file; a listener lists the peers of those that it has queued. */
    private static List<SocketHolder> clients(List<UnixDiagEntry> served) {
        Set<Long> accepted = served.stream()
                .filter(entry -> !entry.isListening() && entry.peer() != 0)
                .map(UnixDiagEntry::peer)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        Set<Long> queued = served.stream()
                .filter(UnixDiagEntry::isListening)
                .flatMap(entry -> entry.queued().stream())
                .filter(inode -> inode != 0)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        return holders(accepted, queued);
    }

    private static List<SocketHolder> holders(Set<Long> accepted, Set<Long> queued) {
        if (accepted.isEmpty() && queued.isEmpty()) {
            return List.of();
        }
        Set<Long> wanted = new LinkedHashSet<>(accepted);
        wanted.addAll(queued);
        Map<Long, List<Integer>> pids = ProcSockets.holdersOf(wanted);
        List<SocketHolder> holders = new ArrayList<>();
        for (long inode : wanted) {
            boolean served = accepted.contains(inode);
            List<Integer> known = pids.getOrDefault(inode, List.of());
            if (known.isEmpty()) {
                holders.add(new SocketHolder(-1, "", served));
            }
            for (int pid : known) {
                holders.add(new SocketHolder(pid, ProcSockets.command(pid), served));
            }
        }
        return List.copyOf(holders);
    }
}
