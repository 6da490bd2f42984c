package dev.qmp.generator.manual;

import dev.qmp.generator.manual.Definition.Branch;
import dev.qmp.generator.manual.Definition.Kind;
import dev.qmp.generator.manual.Definition.Member;
import dev.qmp.generator.manual.Definition.TypeWord;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** What one QEMU's manual defines, by name and in the manual's order. */
final class Manual {

    /** Members and branches of a definition, those of its bases included. */
    record Content(List<Member> members, List<Branch> branches) {

        Optional<Member> member(String name) {
            return members.stream().filter(member -> member.name().equals(name)).findFirst();
        }

        Optional<Branch> branch(String value) {
            return branches.stream()
                    .filter(branch -> branch.value().equals(value))
                    .findFirst();
        }
    }

    private final Map<String, Definition> definitions = new LinkedHashMap<>();

    private Manual(Collection<Definition> definitions) {
        definitions.forEach(definition -> this.definitions.putIfAbsent(definition.name(), definition));
    }

    static Manual of(Collection<Definition> definitions) {
        return new Manual(definitions);
    }

    /** Reads manual pages, packed or not: what several define is taken from the first. */
    static Manual read(List<Path> pages) {
        List<Definition> definitions = new ArrayList<>();
        for (Path page : pages) {
            definitions.addAll(parse(text(page)));
        }
        return new Manual(definitions);
    }

    static List<Definition> parse(String page) {
        List<String> lines = Roff.lines(page);
        return OldLayout.matches(lines) ? OldLayout.read(lines) : NewLayout.read(lines);
    }

    Collection<Definition> definitions() {
        return definitions.values();
    }

    Optional<Definition> find(String name) {
        return Optional.ofNullable(definitions.get(name));
    }

    Content content(Definition definition) {
        List<Member> members = new ArrayList<>(definition.members());
        List<Branch> branches = new ArrayList<>(definition.branches());
        for (String base : definition.bases()) {
            find(base).map(this::content).ifPresent(inherited -> {
                members.addAll(inherited.members());
                branches.addAll(inherited.branches());
            });
        }
        return new Content(members, branches);
    }

    /**
     * This manual, where what it leaves out of commands is taken from a newer one: 7.2 does not list the arguments of commands
     * that have a type for them but no {@code boxed}, such as {@code blockdev-snapshot-sync}.
     */
    Manual completedBy(Manual newer) {
        List<Definition> completed = new ArrayList<>();
        for (Definition old : definitions.values()) {
            Definition other = newer.definitions.get(old.name());
            if (other == null || (old.kind() != Kind.COMMAND && old.kind() != Kind.EVENT)) {
                completed.add(old);
                continue;
            }
            boolean takeBase = old.isEmpty()
                    && other.members().isEmpty()
                    && definitions.keySet().containsAll(other.bases());
            List<TypeWord> results = new ArrayList<>(old.results());
            results.addAll(other.results());
            completed.add(old.with(takeBase ? other.bases() : old.bases(), results));
        }
        return new Manual(completed);
    }

    private static String text(Path page) {
        try (InputStream file = Files.newInputStream(page);
                InputStream plain = page.toString().endsWith(".gz") ? new GZIPInputStream(file) : file) {
            return new String(plain.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
