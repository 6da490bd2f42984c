package dev.qmp.cli.host;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads name and QMP monitors out of a QEMU's words. */
final class CommandLineReader {

    private static final Pattern PROGRAM = Pattern.compile("qemu-system-[-_a-z0-9]+|qemu-kvm|kvm");
    private static final Pattern LOADER = Pattern.compile("ld-linux.*|ld-musl.*|ld64?\\.so.*");

    private final List<String> words;
    private final Function<String, Optional<Path>> files;
    private final Function<Integer, OptionalLong> inodes;

    /**
     * @param files a socket's path in the process's eyes to one that can be reached; empty where that is not known
     * @param inodes the inode of the socket behind a descriptor of the process
     */
    CommandLineReader(
            List<String> words, Function<String, Optional<Path>> files, Function<Integer, OptionalLong> inodes) {
        this.words = words;
        this.files = files;
        this.inodes = inodes;
    }

    /** Whether these are the words of a QEMU, started directly or by a dynamic loader that was told its library path. */
    static boolean isQemu(List<String> words) {
        if (words.isEmpty()) {
            return false;
        }
        if (isProgram(words.get(0))) {
            return true;
        }
        return LOADER.matcher(baseName(words.get(0))).matches()
                && words.stream().skip(1).limit(6).anyMatch(CommandLineReader::isProgram);
    }

    private static boolean isProgram(String word) {
        return PROGRAM.matcher(baseName(word)).matches();
    }

    private static String baseName(String word) {
        return word.substring(word.lastIndexOf('/') + 1);
    }

    Optional<String> name() {
        // The last one counts, as for QEMU.
        return option("-name").stream()
                .reduce((first, second) -> second)
                .map(value -> KeyValues.parse(value, "guest").getOrDefault("guest", ""))
                .filter(name -> !name.isEmpty());
    }

    List<Monitor> monitors() {
        Map<String, Map<String, String>> chardevs = new HashMap<>();
        for (String value : option("-chardev")) {
            Map<String, String> chardev = KeyValues.parse(value, "backend");
            chardevs.put(chardev.getOrDefault("id", ""), chardev);
        }
        List<Monitor> monitors = new ArrayList<>();
        for (int i = 0; i + 1 < words.size(); i++) {
            switch (key(words.get(i))) {
                case "-qmp", "-qmp-pretty" -> monitors.add(legacy(words.get(i + 1), chardevs));
                case "-mon" -> {
                    Map<String, String> mon = KeyValues.parse(words.get(i + 1), "chardev");
                    Map<String, String> chardev = chardevs.get(mon.getOrDefault("chardev", ""));
                    if (mon.getOrDefault("mode", "readline").equals("control")) {
                        monitors.add(chardev == null ? new Monitor.Other(words.get(i + 1)) : monitor(chardev));
                    }
                }
                default -> {
                    continue;
                }
            }
        }
        return monitors;
    }

    /** {@code unix:PATH,server=on}, {@code tcp:HOST:PORT,server}, {@code chardev:ID}, {@code stdio}, … */
    private Monitor legacy(String value, Map<String, Map<String, String>> chardevs) {
        if (value.startsWith("unix:")) {
            Map<String, String> socket = KeyValues.parse(value.substring("unix:".length()), "path");
            return monitor(with(socket, "backend", "socket"));
        }
        if (value.startsWith("tcp:")) {
            Map<String, String> socket = KeyValues.parse(value.substring("tcp:".length()), "address");
            String address = socket.getOrDefault("address", "");
            int colon = address.lastIndexOf(':');
            if (colon >= 0) {
                socket.put("host", address.substring(0, colon));
                socket.put("port", address.substring(colon + 1));
            }
            return monitor(with(socket, "backend", "socket"));
        }
        if (value.startsWith("chardev:")) {
            Map<String, String> chardev = chardevs.get(value.substring("chardev:".length()));
            return chardev == null ? new Monitor.Other(value) : monitor(chardev);
        }
        return new Monitor.Other(value);
    }

    private static Map<String, String> with(Map<String, String> map, String key, String value) {
        map.put(key, value);
        return map;
    }

    private Monitor monitor(Map<String, String> chardev) {
        if (!chardev.getOrDefault("backend", "").equals("socket")) {
            return new Monitor.Other(chardev.getOrDefault("backend", "?"));
        }
        Integer fd = number(chardev.get("fd"));
        if (fd != null) {
            return new Monitor.Descriptor(fd, inodes.apply(fd));
        }
        if (!on(chardev.get("server"))) {
            return new Monitor.Other("a socket that QEMU itself connects to");
        }
        String path = chardev.get("path");
        if (path != null) {
            return on(chardev.get("abstract")) ? new Monitor.UnixAbstract(path) : unix(path);
        }
        Integer port = number(chardev.get("port"));
        if (port == null || port < 1 || port > 65_535) {
            return new Monitor.Other("a TCP port that only QEMU knows");
        }
        String host = chardev.getOrDefault("host", "");
        boolean any = host.isEmpty() || host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]");
        return new Monitor.Tcp(any ? "localhost" : host, port);
    }

    private Monitor unix(String path) {
        try {
            return files.apply(path)
                    .<Monitor>map(Monitor.UnixPath::new)
                    .orElseGet(() -> new Monitor.Other(path + ", relative to a folder that this user may not see"));
        } catch (InvalidPathException e) {
            return new Monitor.Other("a path that is none");
        }
    }

    private static boolean on(@Nullable String value) {
        return value != null
                && (value.equals("on") || value.equals("yes") || value.equals("true") || value.equals("y"));
    }

    private static @Nullable Integer number(@Nullable String text) {
        if (text == null || text.isEmpty() || text.length() > 9 || !text.chars().allMatch(Character::isDigit)) {
            return null;
        }
        return Integer.valueOf(text);
    }

    private List<String> option(String name) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i + 1 < words.size(); i++) {
            if (key(words.get(i)).equals(name)) {
                values.add(words.get(i + 1));
            }
        }
        return values;
    }

    /** QEMU takes every option with one dash or two. */
    private static String key(String word) {
        return word.startsWith("--") ? word.substring(1) : word;
    }
}
