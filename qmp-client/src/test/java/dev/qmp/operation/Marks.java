package dev.qmp.operation;

import dev.qmp.fixtures.qemu.QemuBinary;
import java.util.stream.IntStream;

/**
 * After which lines of a journal a crash is tried: after each on the system's QEMU, after every fourth on another one, since
 * what differs between versions is not where a line stands. {@code -Dqmp.matrix=full} tries all of them everywhere.
 */
final class Marks {

    private Marks() {}

    static IntStream upTo(int lines) {
        return IntStream.rangeClosed(1, lines).filter(line -> tried(line, lines));
    }

    static boolean tried(int line, int lines) {
        boolean other = !System.getProperty(QemuBinary.BINARY_PROPERTY, "").isBlank();
        boolean all = !other || "full".equals(System.getProperty("qmp.matrix"));
        return all || line % 4 == 0 || line == lines;
    }
}
