package dev.qmp.generator.manual;

import dev.qmp.generator.Schema;
import dev.qmp.generator.manual.Definition.Member;
import dev.qmp.generator.manual.Table.Kind;
import dev.qmp.generator.manual.Table.Line;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** Says of every number in the schemas how wide it is and what it counts. The newest QEMU that has it decides: begin with that. */
final class Numbers {

    private static final Set<String> UNSIGNED = Set.of("size", "uint64");

    private final Map<Where, String> widths = new LinkedHashMap<>();
    private final Set<Where> described = new HashSet<>();
    private final Map<Where, String> units = new LinkedHashMap<>();

    /**
     * @param manual of the schema's version
     * @param sources of that version, or of the nearest at hand
     */
    void add(Naming naming, Manual manual, Manual sources, UnaryOperator<String> current) {
        Schema schema = naming.schema();
        Map<String, Schema.Entry> owners = new LinkedHashMap<>();
        schema.entries().forEach((name, entry) -> {
            if (entry instanceof Schema.Command || entry instanceof Schema.Event) {
                owners.put(name, entry);
            }
        });
        naming.types().forEach((masked, name) -> owners.put(name, schema.type(masked)));
        owners.forEach((name, entry) -> {
            String now = current.apply(name);
            numbers(schema, name, entry).forEach(where -> {
                Where place = new Where(now, where.step());
                member(manual, name, where).map(Member::text).ifPresent(text -> {
                    if (described.add(place)) {
                        Units.in(text).ifPresent(unit -> units.put(place, unit));
                    }
                });
                Optional<Member> source = member(sources, name, where).or(() -> member(sources, now, where));
                source.map(member -> member.type().name())
                        .filter(UNSIGNED::contains)
                        .ifPresent(width -> widths.putIfAbsent(place, width));
            });
        });
    }

    Collection<Line> lines() {
        Set<Line> lines = new TreeSet<>();
        widths.forEach((where, width) -> {
            lines.add(Line.of(Kind.INTEGER, width, where));
            if (width.equals("size")) {
                // A count of rounds, declared as a size (7.2 to 11.1).
                if (!where.toString().endsWith("-rounds")) {
                    units.putIfAbsent(where, "bytes");
                }
            }
        });
        units.forEach((where, unit) -> lines.add(Line.of(Kind.UNIT, unit, where)));
        return lines;
    }

    /** The numbers that stand in it, those of a command's arguments under the command's name even if they have their own. */
    private static Set<Where> numbers(Schema schema, String owner, Schema.Entry entry) {
        Set<Where> numbers = new LinkedHashSet<>();
        if (entry instanceof Schema.Alternate alternate) {
            for (String type : alternate.types()) {
                numbers.add(Where.alternative(owner, Where.jsonKind(schema, type)));
            }
        } else {
            Where.arguments(owner)
                    .in(schema, entry)
                    .or(() -> Optional.of(entry))
                    .ifPresent(holder -> {
                        if (holder instanceof Schema.ObjectType object) {
                            object.members().forEach(member -> numbers.add(Where.member(owner, member.name())));
                        }
                    });
        }
        numbers.removeIf(where -> !(where.in(schema, entry).orElse(entry) instanceof Schema.Builtin builtin)
                || !List.of("int", "number").contains(builtin.jsonType()));
        return numbers;
    }

    private static Optional<Member> member(Manual manual, String owner, Where where) {
        String name = where.step().substring(1);
        Optional<Definition> definition = manual.find(owner);
        if (where.step().startsWith(".")) {
            return definition.map(manual::content).flatMap(content -> content.member(name));
        }
        return definition.stream()
                .flatMap(d -> d.members().stream())
                .filter(member -> name.equals(
                        member.type().array()
                                ? "array"
                                : Fit.jsonType(member.type().name())))
                .findFirst();
    }
}
