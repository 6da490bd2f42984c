package dev.qmp.block;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whom the kernel knows to use a block device: a file system that is mounted from it or from a part of it, swap, or another
 * device that is built on it. QEMU itself opens such a device without a question.
 */
final class DeviceUsers {

    private DeviceUsers() {}

    static Optional<String> of(QemuProcess qemu, String device) {
        try {
            Path file = qemu.resolve(device).toRealPath();
            long number = ((Number) Files.getAttribute(file, "unix:rdev")).longValue();
            Path sys = Path.of("/sys/dev/block", name(number));
            List<String> numbers = parts(sys);
            numbers.add(name(number));
            Optional<String> holder = holder(sys);
            return holder.isPresent()
                    ? holder
                    : mounted(Path.of("/proc/" + qemu.pid() + "/mountinfo"), numbers)
                            .or(() -> mounted(Path.of("/proc/self/mountinfo"), numbers))
                            .or(() -> swap(number));
        } catch (IOException | InvalidPathException | UnsupportedOperationException e) {
            return Optional.empty(); // QEMU says itself what is wrong with it
        }
    }

    /** {@code dev_t} as the C library packs it. */
    private static String name(long number) {
        long major = ((number >>> 8) & 0xfff) | ((number >>> 32) & ~0xfffL);
        long minor = (number & 0xff) | ((number >>> 12) & ~0xffL & 0xffff_ffffL);
        return major + ":" + minor;
    }

    private static List<String> parts(Path sys) throws IOException {
        List<String> numbers = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(sys)) {
            for (Path entry : entries) {
                if (Files.exists(entry.resolve("partition"))) {
                    numbers.add(Files.readString(entry.resolve("dev")).strip());
                }
            }
        }
        return numbers;
    }

    private static Optional<String> holder(Path sys) throws IOException {
        try (DirectoryStream<Path> holders = Files.newDirectoryStream(sys.resolve("holders"))) {
            for (Path holder : holders) {
                return Optional.of("the device " + holder.getFileName() + " is built on it");
            }
        }
        return Optional.empty();
    }

    private static Optional<String> mounted(Path table, List<String> numbers) {
        try {
            for (String line :
                    Files.readString(table, StandardCharsets.ISO_8859_1).split("\n", -1)) {
                String[] fields = line.split(" ", -1);
                if (fields.length > 4 && numbers.contains(fields[2])) {
                    return Optional.of("it is mounted on " + fields[4]);
                }
            }
        } catch (IOException e) {
            // Another user's process: our own table is read as well.
        }
        return Optional.empty();
    }

    private static Optional<String> swap(long number) {
        try {
            for (String line : Files.readString(Path.of("/proc/swaps")).split("\n", -1)) {
                String name = line.split("\\s+", -1)[0];
                if (name.startsWith("/dev/")
                        && ((Number) Files.getAttribute(Path.of(name), "unix:rdev")).longValue() == number) {
                    return Optional.of("it is swap space");
                }
            }
        } catch (IOException | InvalidPathException e) {
            // No swap, or not to be seen.
        }
        return Optional.empty();
    }
}
