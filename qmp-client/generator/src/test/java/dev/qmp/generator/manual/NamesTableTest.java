package dev.qmp.generator.manual;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.generator.Schema;
import dev.qmp.generator.manual.Table.Kind;
import dev.qmp.generator.manual.Table.Line;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for the table that is committed, against the schemas that are recorded. */
class NamesTableTest {

    private static final Path SCHEMAS = Path.of("../../fixtures/src/main/resources/dev/qmp/fixtures/schema");
    private static final String TEXT = text();
    private static final Table TABLE = Table.parse(TEXT);
    private static final Map<Schema, Lookup> LOOKUPS =
            schemas().collect(Collectors.toMap(schema -> schema, schema -> Lookup.in(schema, TABLE.lines())));

    @ParameterizedTest(name = "{0}")
    @MethodSource("named")
    void no_type_has_two_names_and_no_name_two_types(Schema schema) {
        assertThat(lookup(schema).conflicts()).isEmpty();
        assertThat(lookup(schema).types().values()).doesNotHaveDuplicates();
    }

    /** What nothing refers to is for builds of QEMU for other hosts, and has neither place nor name. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("named")
    void every_type_has_a_name_but_arguments_that_qapi_does_not_name(Schema schema) {
        Set<String> nameless = reachable(schema);
        nameless.removeAll(lookup(schema).types().keySet());
        nameless.removeIf(type -> isArguments(schema, type) || !isMasked(schema.type(type)));

        assertThat(nameless).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("named")
    void every_alternative_has_a_name(Schema schema) {
        Set<String> branches = places(Kind.BRANCH);
        lookup(schema).types().forEach((masked, name) -> {
            if (schema.type(masked) instanceof Schema.Alternate alternate) {
                assertThat(branches)
                        .containsAll(alternate.types().stream()
                                .map(type -> name + "|" + Where.jsonKind(schema, type))
                                .toList());
            }
        });
    }

    @Test
    void every_place_is_in_a_schema_and_of_the_kind_that_its_line_is_for() {
        for (Line line : TABLE.lines()) {
            if (line.kind() != Kind.MODULE) {
                Where where = Where.of(line.where());
                Stream<Schema.Entry> found = LOOKUPS.values().stream().flatMap(lookup -> lookup.at(where).stream());
                boolean numeric = line.kind() == Kind.INTEGER || line.kind() == Kind.UNIT;
                assertThat(found)
                        .as(line.toString())
                        .isNotEmpty()
                        .allMatch(type -> line.kind() == Kind.BRANCH || isNumber(type) == numeric);
            }
        }
    }

    @Test
    void every_module_is_of_something_that_is_there() {
        Set<String> names = LOOKUPS.values().stream()
                .flatMap(lookup -> lookup.types().values().stream())
                .collect(Collectors.toSet());
        for (Line line : TABLE.lines()) {
            if (line.kind() == Kind.MODULE && !names.contains(line.where())) {
                assertThat(LOOKUPS.values().stream()
                                .anyMatch(lookup -> lookup.owner(line.where()).isPresent()))
                        .as(line.toString())
                        .isTrue();
            }
        }
    }

    @Test
    void every_type_line_is_needed() {
        for (Line line : TABLE.lines()) {
            if (line.kind() == Kind.TYPE) {
                Set<Line> others = new HashSet<>(TABLE.lines());
                others.remove(line);
                assertThat(LOOKUPS.entrySet().stream()
                                .anyMatch(entry -> Lookup.in(entry.getKey(), others)
                                                .types()
                                                .size()
                                        < entry.getValue().types().size()))
                        .as(line.toString())
                        .isTrue();
            }
        }
    }

    @Test
    void a_place_has_one_line_of_a_kind_for_each_version() {
        Set<List<String>> seen = new HashSet<>();
        for (Line line : TABLE.lines()) {
            for (String version : MakeNames.VERSIONS) {
                if (line.holdsIn(version)) {
                    assertThat(seen.add(List.of(line.kind().word(), line.where(), version)))
                            .as(line.toString())
                            .isTrue();
                }
            }
        }
    }

    @Test
    void units_and_widths_are_words_of_our_own() {
        assertThat(values(Kind.INTEGER)).containsExactlyInAnyOrder("size", "uint64");
        assertThat(values(Kind.UNIT))
                .isSubsetOf(
                        "bytes",
                        "bytes per second",
                        "MiB",
                        "MiB per second",
                        "MB per second",
                        "Mbit per second",
                        "pages",
                        "pages per second",
                        "pixels",
                        "operations per second",
                        "percent",
                        "seconds",
                        "milliseconds",
                        "microseconds",
                        "nanoseconds");
    }

    @Test
    void the_table_is_sorted_as_it_is_written() {
        String lines = TEXT.lines().filter(line -> !line.startsWith("#")).collect(Collectors.joining("\n"));

        assertThat(TABLE.lines().stream().map(Line::toString).collect(Collectors.joining("\n")))
                .isEqualTo(lines);
    }

    static Stream<Named<Schema>> named() {
        return LOOKUPS.keySet().stream().map(schema -> Named.of(schema.program() + " " + schema.version(), schema));
    }

    private static Stream<Schema> schemas() {
        return MakeNames.VERSIONS.stream()
                .flatMap(version -> Stream.of("qemu-system-x86_64", "qemu-storage-daemon")
                        .map(program -> Schema.read(SCHEMAS, version, program)));
    }

    private static Lookup lookup(Schema schema) {
        return Objects.requireNonNull(LOOKUPS.get(schema));
    }

    private static boolean isNumber(Schema.Entry type) {
        return type instanceof Schema.Builtin builtin
                && List.of("int", "number").contains(builtin.jsonType());
    }

    private static boolean isMasked(Schema.Entry type) {
        return type instanceof Schema.Enumeration
                || type instanceof Schema.Alternate
                || (type instanceof Schema.ObjectType object
                        && !(object.members().isEmpty() && object.variants().isEmpty()));
    }

    private static boolean isArguments(Schema schema, String type) {
        return schema.entries().values().stream()
                .anyMatch(entry -> (entry instanceof Schema.Command command
                                && command.arguments().equals(type))
                        || (entry instanceof Schema.Event event
                                && event.arguments().equals(type)));
    }

    /** All types that a command or an event leads to. */
    private static Set<String> reachable(Schema schema) {
        Set<String> reached = new TreeSet<>();
        Deque<Schema.Entry> entries = new ArrayDeque<>(schema.entries().values().stream()
                .filter(entry -> entry instanceof Schema.Command || entry instanceof Schema.Event)
                .toList());
        while (!entries.isEmpty()) {
            for (String type : referred(entries.remove())) {
                if (reached.add(type)) {
                    entries.add(schema.type(type));
                }
            }
        }
        return reached;
    }

    private static List<String> referred(Schema.Entry entry) {
        if (entry instanceof Schema.Command command) {
            return List.of(command.arguments(), command.result());
        } else if (entry instanceof Schema.Event event) {
            return List.of(event.arguments());
        } else if (entry instanceof Schema.Array array) {
            return List.of(array.element());
        } else if (entry instanceof Schema.Alternate alternate) {
            return alternate.types();
        } else if (entry instanceof Schema.ObjectType object) {
            return Stream.concat(
                            object.members().stream().map(Schema.Member::type), object.variants().values().stream())
                    .toList();
        }
        return List.of();
    }

    private static Set<String> places(Kind kind) {
        return TABLE.lines().stream()
                .filter(line -> line.kind() == kind)
                .map(Line::where)
                .collect(Collectors.toSet());
    }

    private static Set<String> values(Kind kind) {
        return TABLE.lines().stream()
                .filter(line -> line.kind() == kind)
                .map(Line::value)
                .collect(Collectors.toSet());
    }

    private static String text() {
        try (var table = Objects.requireNonNull(Schema.class.getResourceAsStream("names.tsv"))) {
            return new String(table.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
