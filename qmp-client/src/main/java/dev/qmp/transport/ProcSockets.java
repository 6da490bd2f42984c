package dev.qmp.transport;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which processes have a socket open, as far as {@code /proc} lets us look. */
final class ProcSockets {

    private static final Path PROC = Path.of("/proc");
    private static final String SOCKET = "socket:[";

    private ProcSockets() {}

    /** The processes that hold the given inodes, ascending; inodes that nobody seems to hold are left out. */
    static Map<Long, List<Integer>> holdersOf(Set<Long> inodes) {
        Map<Long, List<Integer>> holders = new HashMap<>();
        for (Path process : list(PROC, "[0-9]*")) {
            int pid = Integer.parseInt(process.getFileName().toString());
            for (Path descriptor : list(process.resolve("fd"), "*")) {
                long inode = socketInode(descriptor);
                if (inodes.contains(inode)) {
                    List<Integer> pids = holders.computeIfAbsent(inode, unused -> new ArrayList<>());
                    if (!pids.contains(pid)) {
                        pids.add(pid);
                    }
                }
            }
        }
        holders.values().forEach(pids -> pids.sort(null));
        return holders;
    }

    /** The process's name; empty where it has gone. */
    static String command(int pid) {
        try {
            return Files.readString(PROC.resolve(pid + "/comm")).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private static long socketInode(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith(SOCKET)
                    ? Long.parseLong(target.substring(SOCKET.length(), target.length() - 1))
                    : -1;
        } catch (IOException | RuntimeException e) {
            return -1; // closed meanwhile
        }
    }

    /** The folder's entries; none where it has gone or is not ours to read. */
    private static List<Path> list(Path folder, String glob) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
            entries.forEach(found::add);
        } catch (IOException | DirectoryIteratorException e) {
            return found;
        }
        return found;
    }
}
