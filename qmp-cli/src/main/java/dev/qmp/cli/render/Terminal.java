package dev.qmp.cli.render;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether an output of this process is a terminal. The JDK tells it of stdin and stdout together
 * only; without /proc nothing is taken for one. */
final class Terminal {

    private Terminal() {}

    static boolean is(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }
}
