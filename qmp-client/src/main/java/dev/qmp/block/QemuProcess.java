package dev.qmp.block;

import dev.qmp.transport.PeerCredentials;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The process behind a monitor, where it runs on this host and {@code /proc} may be read: whose files it sees, and what it
 * may do. A socket that somebody forwards from another host has a process behind it that is no QEMU; it is told apart here,
 * because its file system is not the guest's.
 *
 * @param root the root folder as that process sees it, to be put before an absolute path
 * @param user the name of the effective user, who decides what it may create
 * @param confinement the name of a security profile that it runs under; null for none
 */
record QemuProcess(
        int pid, Path root, String user, @Nullable String confinement) {

    static Optional<QemuProcess> of(Optional<PeerCredentials> peer) {
        return peer.filter(p -> p.pid() > 0).flatMap(p -> read(Path.of("/proc", Integer.toString(p.pid())), p.pid()));
    }

    private static Optional<QemuProcess> read(Path proc, int pid) {
        try {
            String commandLine = Files.readString(proc.resolve("cmdline"), StandardCharsets.ISO_8859_1);
            Path root = proc.resolve("root");
            // Without the rights of ptrace(2) on the process its root cannot be entered.
            if (!isQemu(proc, commandLine) || !Files.isReadable(root) || !Files.isDirectory(root.resolve("."))) {
                return Optional.empty();
            }
            return Optional.of(new QemuProcess(pid, root, Files.getOwner(proc).getName(), confinement(proc)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** A forwarder has the word in its arguments as well: {@code ssh -L …:/run/qemu.sock}. A loader may run QEMU by name. */
    private static boolean isQemu(Path proc, String commandLine) throws IOException {
        String program =
                String.valueOf(Files.readSymbolicLink(proc.resolve("exe")).getFileName());
        return program.contains("qemu") || (program.startsWith("ld") && commandLine.contains("qemu"));
    }

    /** The path of {@code file}, absolute in QEMU's eyes, as this process can reach it. */
    Path resolve(String file) {
        return root.resolve("." + file);
    }

    /**
     * The absolute form of a name that QEMU was given relative to its working folder; the name itself where nothing proves
     * one. A QEMU that made itself a daemon has left the folder it was started in, but it holds the file open.
     */
    String absolute(String name) {
        if (name.isEmpty() || Paths.absolute(name) || name.startsWith("json:") || name.indexOf(':') >= 0) {
            return name;
        }
        try {
            Path proc = Path.of("/proc", Integer.toString(pid));
            String inFolder = Paths.normal(Files.readSymbolicLink(proc.resolve("cwd")) + "/" + name);
            Set<String> open = openFiles(proc.resolve("fd"));
            if (open.contains(inFolder)) {
                return inFolder;
            }
            String ending = Paths.normal("/" + name);
            List<String> fitting = open.stream().filter(f -> f.endsWith(ending)).toList();
            return fitting.size() == 1 ? fitting.get(0) : name;
        } catch (IOException e) {
            return name;
        }
    }

    private static Set<String> openFiles(Path fds) throws IOException {
        Set<String> open = new HashSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(fds)) {
            for (Path fd : entries) {
                try {
                    open.add(Files.readSymbolicLink(fd).toString());
                } catch (NoSuchFileException e) {
                    // Closed between the listing and the look.
                }
            }
        }
        return open;
    }

    private static @Nullable String confinement(Path proc) {
        try {
            String label = Files.readString(proc.resolve("attr/current"), StandardCharsets.UTF_8)
                    .replace("\0", "")
                    .strip();
            return label.isEmpty() || label.equals("unconfined") ? null : label;
        } catch (IOException e) {
            return null;
        }
    }
}
