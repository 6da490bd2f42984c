package dev.qmp;

import dev.qmp.transport.PeerCredentials;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which program answers at the other end: what decides its schema and is not in its greeting. A machine emulator and a
 * storage daemon of one version greet with the same words (seen on 7.2 to 11.1) and have different schemas; so have the
 * emulators of two architectures.
 *
 * @param identity text that is the same for two processes only if they run the same file in the same way for the same user
 */
record PeerProgram(String identity) {

    /**
     * Empty where nobody can tell: over TCP, for another user's process, and where the process that made the socket is no
     * QEMU (libvirt hands a ready socket down; a forwarder listens in QEMU's place; a loader that was called by name runs
     * any program).
     */
    static Optional<PeerProgram> of(Optional<PeerCredentials> peer) {
        return peer.filter(p -> p.pid() > 0).flatMap(p -> read(Path.of("/proc", Integer.toString(p.pid())), p.uid()));
    }

    /**
     * Reads one folder of {@code /proc}.
     *
     * @param uid the user that the program runs for: nobody's program may speak for another user's
     */
    static Optional<PeerProgram> read(Path process, int uid) {
        try {
            Path link = process.resolve("exe");
            Path program = Files.readSymbolicLink(link);
            if (!String.valueOf(program.getFileName()).contains("qemu")) {
                return Optional.empty();
            }
            // Through the link the kernel shows the file that runs, even one that an upgrade has replaced meanwhile.
            Map<String, Object> file = Files.readAttributes(link, "unix:dev,ino,size,lastModifiedTime,ctime");
            return Optional.of(new PeerProgram(String.join(
                    " ",
                    program.toString(),
                    "user " + uid,
                    "device " + file.get("dev"),
                    "inode " + file.get("ino"),
                    "size " + file.get("size"),
                    "modified " + file.get("lastModifiedTime"),
                    "changed " + file.get("ctime"),
                    "compat " + compat(process))));
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    /** {@code -compat deprecated-output=hide} takes what is deprecated out of the schema (seen on 7.2). */
    private static List<String> compat(Path process) throws IOException {
        String[] words = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                .split("\0", -1);
        List<String> policies = new ArrayList<>();
        for (int i = 0; i < words.length - 1; i++) {
            if (words[i].equals("-compat") || words[i].equals("--compat")) {
                policies.add(words[i + 1]);
            }
        }
        return policies;
    }
}
