package dev.qmp.generator.manual;

import dev.qmp.generator.manual.Table.Kind;
import dev.qmp.generator.manual.Table.Line;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Chooses, out of all places that a type stands in, those by which each schema finds it: mostly one. */
final class Choice {

    private final List<Naming> namings;
    private final List<String> versions;
    private final List<Map<Where, String>> named;
    private final List<Map<String, List<Line>>> byOwner = new ArrayList<>();

    private Choice(List<Naming> namings) {
        this.namings = namings;
        this.versions = namings.stream()
                .map(naming -> naming.schema().version())
                .distinct()
                .toList();
        this.named = namings.stream().map(Naming::named).toList();
    }

    /**
     * The lines that are kept.
     *
     * @param namings under names that hold for all of them, oldest first
     */
    static Set<Line> among(List<Naming> namings) {
        Choice choice = new Choice(namings);
        List<Line> all = choice.all();
        choice.sort(all);
        Set<Line> kept = new HashSet<>(all);
        // Beginning with the worst, each line goes that none of the schemas needs any more.
        for (Line line : all) {
            boolean only = kept.stream()
                            .filter(other -> other.value().equals(line.value()))
                            .count()
                    == 1;
            if (!only) {
                kept.remove(line);
                if (!choice.isEnough(kept)) {
                    kept.add(line);
                }
            }
        }
        return new TreeSet<>(kept);
    }

    /** Every place of every name, the worst first. */
    private List<Line> all() {
        Map<Line, Integer> schemas = new TreeMap<>();
        Set<Where> places = new TreeSet<>();
        named.forEach(map -> places.addAll(map.keySet()));
        for (Where where : places) {
            Map<String, Set<String>> holds = new TreeMap<>();
            for (int i = 0; i < named.size(); i++) {
                String name = named.get(i).get(where);
                if (name != null) {
                    holds.computeIfAbsent(name, n -> new HashSet<>())
                            .add(namings.get(i).schema().version());
                }
            }
            for (var entry : holds.entrySet()) {
                String name = entry.getKey();
                Set<String> in = holds.size() == 1 ? Set.of() : ordered(entry.getValue());
                if (!name.isEmpty()) {
                    int count = (int) named.stream()
                            .filter(map -> name.equals(map.get(where)))
                            .count();
                    schemas.put(new Line(Kind.TYPE, name, where.toString(), in), count);
                }
            }
        }
        List<Line> lines = new ArrayList<>(schemas.keySet());
        lines.sort(Comparator.comparing((Line line) -> line.versions().isEmpty())
                .thenComparing(line -> !isInNamedArguments(Where.of(line.where())))
                .thenComparing(line -> schemas.getOrDefault(line, 0))
                .thenComparing(Comparator.comparing((Line line) -> line.where().length())
                        .reversed())
                .thenComparing(Comparator.<Line>naturalOrder().reversed()));
        return lines;
    }

    /** Arguments that have a name are better looked into by that name. */
    private boolean isInNamedArguments(Where where) {
        Where arguments = Where.arguments(where.owner());
        return where.step().startsWith(".")
                && named.stream()
                        .anyMatch(names -> !names.getOrDefault(arguments, "").isEmpty());
    }

    private Set<String> ordered(Set<String> some) {
        return versions.stream().filter(some::contains).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private void sort(List<Line> lines) {
        for (int i = 0; i < namings.size(); i++) {
            Map<Where, String> names = named.get(i);
            byOwner.add(lines.stream()
                    .filter(line -> line.value().equals(names.get(Where.of(line.where()))))
                    .collect(
                            Collectors.groupingBy(line -> Where.of(line.where()).owner())));
        }
    }

    private boolean isEnough(Set<Line> lines) {
        for (int i = 0; i < namings.size(); i++) {
            if (reached(i, lines) < namings.get(i).types().size()) {
                return false;
            }
        }
        return true;
    }

    /** How many types get their name, beginning with commands and events, whose names are known. */
    private int reached(int schema, Set<Line> lines) {
        Map<String, List<Line>> edges = byOwner.get(schema);
        Set<String> reached = new HashSet<>();
        Deque<String> owners = new ArrayDeque<>();
        for (String owner : edges.keySet()) {
            if (namings.get(schema).schema().entries().containsKey(owner)) {
                owners.add(owner);
            }
        }
        while (!owners.isEmpty()) {
            for (Line line : edges.getOrDefault(owners.remove(), List.of())) {
                if (lines.contains(line) && reached.add(line.value())) {
                    owners.add(line.value());
                }
            }
        }
        return reached.size();
    }
}
