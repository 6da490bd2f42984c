package dev.qmp.cli.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the QEMUs that run on this host. Processes that vanish or may not be looked into are passed over. */
public final class HostScanner {

    private static final Pattern SOCKET = Pattern.compile("socket:\\[(\\d+)]");

    private final Path proc;

    /** Reads this host's {@code /proc}. */
    public HostScanner() {
        this(Path.of("/proc"));
    }

    HostScanner(Path proc) {
        this.proc = proc;
    }

    /** By process id. */
    public List<HostQemu> scan() {
        List<HostQemu> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : processes) {
                read(process).ifPresent(found::add);
            }
        } catch (IOException e) {
            // No /proc, as on other systems: then nothing is found.
            return List.of();
        }
        found.sort(Comparator.comparingLong(HostQemu::pid));
        return found;
    }

    private static Optional<HostQemu> read(Path process) {
        List<String> words;
        long pid;
        try {
            pid = Long.parseLong(process.getFileName().toString());
            words = words(Files.readAllBytes(process.resolve("cmdline")));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
        if (!CommandLineReader.isQemu(words)) {
            return Optional.empty();
        }
        CommandLineReader reader = new CommandLineReader(words, file -> reach(process, file), fd -> inode(process, fd));
        return Optional.of(new HostQemu(pid, reader.name(), reader.monitors()));
    }

    private static List<String> words(byte[] commandLine) {
        String text = new String(commandLine, StandardCharsets.UTF_8);
        List<String> words = new ArrayList<>(List.of(text.split("\0", -1)));
        if (!words.isEmpty() && words.get(words.size() - 1).isEmpty()) {
            words.remove(words.size() - 1);
        }
        return words;
    }

    /** The socket's path: from the process's working folder on, and through its root where that is not ours. */
    private static Optional<Path> reach(Path process, String file) {
        Path path = Path.of(file);
        boolean ourRoot = ourRoot(process);
        if (path.isAbsolute()) {
            return Optional.of(ourRoot ? path : process.resolve("root" + path));
        }
        try {
            Path folder = Files.readSymbolicLink(process.resolve("cwd"));
            // Of a folder under another root the link's text is not to be trusted, the link itself is.
            return Optional.of(
                    ourRoot
                            ? folder.resolve(path).normalize()
                            : process.resolve("cwd").resolve(path));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** A container's process shows "/" as its root's name too, so that names say nothing: the folders are compared. */
    private static boolean ourRoot(Path process) {
        try {
            return Files.isSameFile(process.resolve("root"), Path.of("/"));
        } catch (IOException e) {
            // Another user's process: most likely it shares our root.
            return true;
        }
    }

    private static OptionalLong inode(Path process, int fd) {
        try {
            Matcher socket =
                    SOCKET.matcher(Files.readSymbolicLink(process.resolve("fd").resolve(Integer.toString(fd)))
                            .toString());
            return socket.matches() ? OptionalLong.of(Long.parseLong(socket.group(1))) : OptionalLong.empty();
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
