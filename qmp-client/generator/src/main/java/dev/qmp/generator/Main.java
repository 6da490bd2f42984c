package dev.qmp.generator;

import com.palantir.javapoet.JavaFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
        Names table = Names.load();
        List<Merger.Named> named = new ArrayList<>();
        Map<String, String> notInTable = new TreeMap<>();
        for (Schema schema : read(schemas)) {
            Namer.Result result = Namer.name(schema, table);
            named.add(new Merger.Named(schema, result.names()));
            notInTable.putAll(result.notInTable());
            table = table.withMadeUp(result.placesOfThese());
        }
        Model model = Merger.merge(named, table);
        QemuVersion newest = QemuVersion.of(named.get(0).schema().version());
        Sources written = new Sources(model, table, newest);
        write(sources, written.files());
        Files.writeString(report, Report.of(model, written, newest, notInTable));
        stamp.set();
    }

    /** All schemas, the newest first; of one version, the system's first. */
    private static List<Schema> read(Path folder) throws IOException {
        List<Schema> schemas = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
                Path path = folder.relativize(file);
                schemas.add(Schema.read(
                        folder,
                        path.getName(0).toString(),
                        path.getName(1).toString().replaceFirst("\\.json$", "")));
            }
        }
        schemas.sort(Comparator.comparing((Schema schema) -> QemuVersion.of(schema.version()))
                .thenComparing(Schema::program));
        Collections.reverse(schemas);
        return schemas;
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
