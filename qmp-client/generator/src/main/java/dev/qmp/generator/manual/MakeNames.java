package dev.qmp.generator.manual;

import dev.qmp.generator.Schema;
import dev.qmp.generator.manual.Table.Kind;
import dev.qmp.generator.manual.Table.Line;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes {@code names.tsv} from QEMU's manual pages: {@code MakeNames TABLE SCHEMAS VERSION=FILE...}
 *
 * <p>{@code TABLE} is the file to write, {@code SCHEMAS} the folder of recorded schemas. {@code VERSION=FILE} is a manual page,
 * packed or not, {@code qemu-qmp-ref.html}, or the folder {@code qapi/} of that QEMU's sources; every version needs its manual
 * page, and one at least HTML and sources. Names and units come from the pages, and modules from the HTML. Widths of integers
 * are in the sources only: a version without takes those of the newest with. For example:
 *
 * <pre>{@code
 * java -cp … dev.qmp.generator.manual.MakeNames names.tsv schema \
 *     7.2=7.2/qemu-qmp-ref.7.gz 10.0=10.0/qemu-qmp-ref.7.gz \
 *     10.0=10.0/qemu-qmp-ref.html 10.0=10.0/qapi 11.1=11.1/qemu-qmp-ref.7.gz
 * }</pre>
 *
 * <p>What manual and schema, or manual and sources, do not agree on is printed; what has no name stands at the table's end.
 */
final class MakeNames {

    /** Oldest first. */
    static final List<String> VERSIONS = List.of("7.2", "10.0", "11.1");

    private static final List<String> PROGRAMS = List.of("qemu-system-x86_64", "qemu-storage-daemon");

    private final PrintStream out;
    private final Map<String, Manual> manuals = new LinkedHashMap<>();
    private final Map<String, Manual> sources = new LinkedHashMap<>();
    private final List<Path> html = new ArrayList<>();
    private final List<Naming> namings = new ArrayList<>();

    private MakeNames(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] args) throws IOException {
        MakeNames make = new MakeNames(System.out);
        make.read(List.of(args).subList(2, args.length));
        make.walk(Path.of(args[1]));
        Files.writeString(Path.of(args[0]), make.table().text());
    }

    private void read(List<String> files) {
        for (String version : VERSIONS) {
            List<Path> paths = files.stream()
                    .filter(file -> file.startsWith(version + "="))
                    .map(file -> Path.of(file.substring(version.length() + 1)))
                    .toList();
            List<Path> pages = new ArrayList<>();
            for (Path path : paths) {
                if (path.toString().endsWith(".html")) {
                    html.add(path);
                } else if (!Files.isDirectory(path)) {
                    pages.add(path);
                }
            }
            manuals.put(version, Manual.read(pages));
            List<Definition> read = paths.stream()
                    .filter(Files::isDirectory)
                    .flatMap(folder -> Qapi.read(folder).stream())
                    .toList();
            if (!read.isEmpty()) {
                sources.put(version, Manual.of(read));
            }
        }
        for (int i = VERSIONS.size() - 2; i >= 0; i--) {
            Manual newer = manuals.get(VERSIONS.get(i + 1));
            if (newer != null) {
                manuals.computeIfPresent(VERSIONS.get(i), (version, manual) -> manual.completedBy(newer));
            }
        }
    }

    private void walk(Path schemas) {
        for (String version : VERSIONS) {
            for (String program : PROGRAMS) {
                Schema schema = Schema.read(schemas, version, program);
                Naming naming = Walk.through(schema, manual(manuals, version));
                namings.add(naming);
                naming.complaints().forEach(out::println);
                if (sources.containsKey(version)) {
                    compare(naming, Walk.through(schema, manual(sources, version)));
                }
            }
        }
    }

    /** The sources are walked as a manual is, so that a slip of our reading shows. */
    private void compare(Naming naming, Naming check) {
        check.types().forEach((masked, name) -> {
            String found = naming.types().get(masked);
            if (!name.equals(found)) {
                out.println(check.schema().version() + ": the sources have " + name + ", the manual " + found);
            }
        });
    }

    private Table table() {
        Map<String, String> renamed = Renames.between(manuals, namings);
        renamed.forEach((old, name) -> out.println("renamed: " + old + " is " + name));
        List<Naming> current = namings.stream()
                .map(naming -> naming.renamed(name -> renamed.getOrDefault(name, name)))
                .toList();
        Set<Line> lines = new TreeSet<>(Choice.among(current));
        current.forEach(naming ->
                naming.branches().forEach((where, name) -> lines.add(Line.of(Kind.BRANCH, name, where))));
        lines.addAll(numbers(renamed).lines());
        lines.addAll(modules(current));
        List<String> notes = new ArrayList<>();
        renamed.forEach((old, name) -> notes.add("renamed: " + old + " is " + name));
        current.forEach(naming -> naming.unnamed()
                .forEach(where -> notes.add("not found: " + where + " ("
                        + naming.schema().program() + " " + naming.schema().version() + ")")));
        return Table.of(lines, notes);
    }

    private Numbers numbers(Map<String, String> renamed) {
        Numbers numbers = new Numbers();
        for (int i = namings.size() - 1; i >= 0; i--) {
            String version = namings.get(i).schema().version();
            Manual nearest = sources.getOrDefault(version, newestSources());
            numbers.add(namings.get(i), manual(manuals, version), nearest, name -> renamed.getOrDefault(name, name));
        }
        return numbers;
    }

    private Manual newestSources() {
        return List.copyOf(sources.values()).get(sources.size() - 1);
    }

    private Set<Line> modules(List<Naming> current) {
        Modules modules = new Modules();
        html.forEach(modules::addHtml);
        manuals.values().forEach(manual -> modules.infer(manual, manuals.values()));
        Set<String> names = new TreeSet<>();
        for (Naming naming : current) {
            names.addAll(naming.types().values());
            naming.schema().entries().values().stream()
                    .filter(entry -> entry instanceof Schema.Command || entry instanceof Schema.Event)
                    .forEach(entry -> names.add(entry.name()));
        }
        Set<Line> lines = new TreeSet<>();
        names.forEach(name ->
                modules.of(name).ifPresent(module -> lines.add(new Line(Kind.MODULE, module, name, Set.of()))));
        return lines;
    }

    private static Manual manual(Map<String, Manual> manuals, String version) {
        Manual manual = manuals.get(version);
        if (manual == null) {
            throw new IllegalArgumentException("no manual page for " + version);
        }
        return manual;
    }
}
