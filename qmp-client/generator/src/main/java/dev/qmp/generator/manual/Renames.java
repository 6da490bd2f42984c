package dev.qmp.generator.manual;

import dev.qmp.generator.manual.Definition.Kind;
import dev.qmp.generator.manual.Definition.Member;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds types that a later QEMU calls otherwise, so that they stay one type, under the newest name.
 *
 * <p>A type is renamed if everywhere the new name stands in its place, no QEMU has both, and most members are the same, of the
 * same types. {@code String} of 7.2 is therefore not renamed: in its three places, 11.1 has three types.
 */
final class Renames {

    private final Map<String, Manual> manuals;
    private final Map<String, String> names = new TreeMap<>();

    private Renames(Map<String, Manual> manuals) {
        this.manuals = manuals;
    }

    /**
     * Newest names by old names.
     *
     * @param manuals by version, oldest first
     */
    static Map<String, String> between(Map<String, Manual> manuals, List<Naming> namings) {
        Renames renames = new Renames(manuals);
        boolean found = true;
        while (found) {
            found = renames.look(namings);
        }
        return renames.names;
    }

    private boolean look(List<Naming> namings) {
        boolean found = false;
        for (var candidate : candidates(namings).entrySet()) {
            String old = candidate.getKey();
            Set<String> successors = candidate.getValue();
            String successor = successors.iterator().next();
            if (successors.size() == 1 && alike(old, successor, new HashSet<>())) {
                names.replaceAll((older, name) -> name.equals(old) ? successor : name);
                names.put(old, successor);
                found = true;
            }
        }
        return found;
    }

    /** The names that stand in newer schemas where an old name stood. */
    private Map<String, Set<String>> candidates(List<Naming> namings) {
        Map<Where, Map<Integer, String>> places = new LinkedHashMap<>();
        List<String> versions = List.copyOf(manuals.keySet());
        for (Naming naming : namings) {
            int version = versions.indexOf(naming.schema().version());
            naming.renamed(this::current).named().forEach((where, name) -> {
                if (!name.isEmpty()) {
                    places.computeIfAbsent(where, w -> new TreeMap<>()).put(version, name);
                }
            });
        }
        Map<String, Set<String>> candidates = new TreeMap<>();
        for (Map<Integer, String> stood : places.values()) {
            stood.forEach((version, name) -> stood.forEach((later, other) -> {
                if (version < later && !name.equals(other)) {
                    candidates.computeIfAbsent(name, n -> new TreeSet<>()).add(other);
                }
            }));
        }
        return candidates;
    }

    private String current(String name) {
        return names.getOrDefault(name, name);
    }

    private boolean alike(String old, String successor, Set<String> assumed) {
        if (current(old).equals(current(successor)) || !assumed.add(old)) {
            return true;
        }
        Map<String, Set<Manual>> holders = new HashMap<>();
        for (String name : List.of(old, successor)) {
            Set<Manual> holding = new LinkedHashSet<>(manuals.values());
            holding.removeIf(manual -> manual.find(name).isEmpty());
            holders.put(name, holding);
        }
        Set<Manual> both = new HashSet<>(holders.getOrDefault(old, Set.of()));
        both.retainAll(holders.getOrDefault(successor, Set.of()));
        if (!both.isEmpty()) {
            return false;
        }
        for (Manual before : holders.getOrDefault(old, Set.of())) {
            for (Manual after : holders.getOrDefault(successor, Set.of())) {
                if (!alike(before, old, after, successor, assumed)) {
                    return false;
                }
            }
        }
        return holders.values().stream().noneMatch(Set::isEmpty);
    }

    private boolean alike(Manual before, String old, Manual after, String successor, Set<String> assumed) {
        Definition one = before.find(old).orElseThrow();
        Definition other = after.find(successor).orElseThrow();
        List<Member> members = before.content(one).members();
        Manual.Content content = after.content(other);
        List<Member> shared = members.stream()
                .filter(member -> content.member(member.name()).isPresent())
                .toList();
        if (one.kind() != other.kind()
                || shared.size() * 2
                        < Math.max(members.size(), content.members().size())) {
            return false;
        }
        return one.kind() == Kind.ENUM
                || shared.stream()
                        .allMatch(member -> alike(
                                member.type().name(),
                                content.member(member.name())
                                        .orElseThrow()
                                        .type()
                                        .name(),
                                assumed));
    }
}
