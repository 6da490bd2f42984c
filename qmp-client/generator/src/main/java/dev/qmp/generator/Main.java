package dev.qmp.generator;

import com.palantir.javapoet.JavaFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The generator as the build calls it: with the folder of the recorded schemas, {@code VERSION/PROGRAM.json}, the folder
 * that the sources go to, and the file for the report. A schema that is added to the folder is taken along.
 */
public final class Main {

    private Main() {}

    /**
     * Writes what is not there or is not up to date.
     *
     * @param args the three paths
     * @throws IOException where a file cannot be read or written
     */
    public static void main(String[] args) throws IOException {
        Path schemas = Path.of(args[0]);
        Path sources = Path.of(args[1]);
        Path report = Path.of(args[2]);
        Stamp stamp = Stamp.of(schemas, Path.of(args[2] + ".stamp"));
        if (stamp.holds()) {
            return;
        }
        Generation generation = Generation.of(schemas, Names.load());
        write(sources, generation.files());
        Files.writeString(report, generation.report());
        stamp.set();
    }

    /** Leaves files alone that are as they should be, so that the compiler sees what has changed. */
    private static void write(Path folder, List<JavaFile> files) throws IOException {
        Path target = Files.createDirectories(folder.resolve(Java.PACKAGE.replace('.', '/')));
        Set<Path> wanted = new HashSet<>();
        for (JavaFile file : files) {
            Path path = target.resolve(file.typeSpec().name() + ".java");
            if (!wanted.add(path)) {
                throw new IllegalStateException(
                        "two types would be called " + file.typeSpec().name());
            }
            String text = file.toString();
            if (!Files.exists(path) || !Files.readString(path).equals(text)) {
                Files.writeString(path, text);
            }
        }
        try (Stream<Path> present = Files.list(target)) {
            for (Path path : present.filter(p -> !wanted.contains(p)).toList()) {
                Files.delete(path);
            }
        }
    }
}
