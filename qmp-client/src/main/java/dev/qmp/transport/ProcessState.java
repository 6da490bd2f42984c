package dev.qmp.transport;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What Linux says of a process, which tells a peer that is silent for a while from one that will be for ever. */
public enum ProcessState {
    /** It runs, or waits for something. */
    ALIVE,
    /** A signal (SIGSTOP, a shell's Ctrl-Z) or a debugger has stopped it, and nothing goes on until it is continued. */
    STOPPED,
    /** There is none any more with this number, or it is ending. */
    GONE,
    /** Nobody tells: another system, or no number. */
    UNKNOWN;

    /** The state of a process of this host now (proc(5), "/proc/pid/stat"); 0 and less are unknown. */
    public static ProcessState of(int pid) {
        if (pid <= 0 || !Files.isDirectory(Path.of("/proc/self"))) {
            return UNKNOWN;
        }
        try {
            // The name before it is in brackets and may hold any character.
            Path process = Path.of("/proc", Integer.toString(pid));
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            return switch (stat.charAt(stat.lastIndexOf(')') + 2)) {
                case 'T', 't' -> STOPPED;
                case 'Z', 'X', 'x' -> GONE;
                // One that is ending has lost its memory, and with it its command line, before its sockets are closed.
                default -> Files.readAllBytes(process.resolve("cmdline")).length == 0 ? GONE : ALIVE;
            };
        } catch (NoSuchFileException e) {
            return GONE;
        } catch (IOException | RuntimeException e) {
            return UNKNOWN;
        }
    }
}
