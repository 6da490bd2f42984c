package dev.qmp.transport;

import dev.qmp.fixtures.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;

/** A shell script in ssh's place, which stops at a point of ssh's life that the real one passes too quickly to be met. */
final class FakeSsh {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Lives until it is told to {@link #die}. */
    static final String LIVES = """
            while [ ! -e "$here/die" ]; do sleep 0.05; done
            cat "$here/die" >&2
            exit 255
            """;

    private final Path folder;

    /** What {@code body} does is done once the script has written down how it was called. */
    FakeSsh(Path folder, String body) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("ssh"), """
                #!/bin/sh
                here=${0%/*}
                for word; do
                  if [ "$last" = -L ]; then echo "${word%%:*}" > "$here/forward.new"; fi
                  last=$word
                done
                echo $$ > "$here/pid"
                env > "$here/env"
                mv "$here/forward.new" "$here/forward"
                """ + body);
        Files.setPosixFilePermissions(folder.resolve("ssh"), PosixFilePermissions.fromString("rwx------"));
    }

    SshOptions options() {
        return SshOptions.builder().program(folder.resolve("ssh").toString()).build();
    }

    /** The socket that it is to listen on; waits for its start. */
    Path socket() {
        return Path.of(awaited("forward"));
    }

    ProcessHandle process() {
        return process("pid");
    }

    /** The process whose id the script has written into this file. */
    ProcessHandle process(String file) {
        return ProcessHandle.of(Long.parseLong(awaited(file))).orElseThrow();
    }

    String environment() throws IOException {
        socket();
        return Files.readString(folder.resolve("env"));
    }

    void says(String words) throws IOException {
        Files.writeString(socket().resolveSibling("said"), words, StandardOpenOption.APPEND);
    }

    void die(String lastWords) throws IOException {
        Files.writeString(folder.resolve("dying"), lastWords);
        Files.move(folder.resolve("dying"), folder.resolve("die"));
    }

    static void awaitEnd(ProcessHandle process) {
        Eventually.holds(PATIENCE, () -> "the end of process " + process.pid(), () -> !process.isAlive());
    }

    static void awaitDeleted(Path file) {
        Eventually.holds(PATIENCE, () -> file + " is gone", () -> Files.notExists(file));
    }

    private String awaited(String file) {
        return Eventually.value(PATIENCE, () -> "the fake ssh wrote its " + file, () -> {
            try {
                Path path = folder.resolve(file);
                return Optional.of(Files.readString(path))
                        .filter(text -> text.endsWith("\n"))
                        .map(String::strip);
            } catch (IOException e) {
                return Optional.empty();
            }
        });
    }
}
