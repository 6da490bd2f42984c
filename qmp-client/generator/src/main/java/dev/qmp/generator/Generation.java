package dev.qmp.generator;

import com.palantir.javapoet.JavaFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * From a folder of schemas and the table of names to source files.
 *
 * @param files the sources
 * @param report for a person
 */
record Generation(List<JavaFile> files, String report) {

    static Generation of(Path schemas, Names names) throws IOException {
        Names table = names;
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
        Sources sources = new Sources(model, table, newest);
        return new Generation(sources.files(), Report.of(model, sources, newest, notInTable));
    }

    /** All schemas, the newest first; of one version, the system's first. */
    private static List<Schema> read(Path folder) throws IOException {
        List<Schema> schemas = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
                Path path = folder.relativize(file);
                String version = path.getName(0).toString();
                String program = path.getName(1).toString().replaceFirst("\\.json$", "");
                schemas.add(Schema.read(folder, version, program));
            }
        }
        schemas.sort(Comparator.comparing((Schema schema) -> QemuVersion.of(schema.version()))
                .thenComparing(Schema::program));
        Collections.reverse(schemas);
        return schemas;
    }
}
