package dev.qmp.generator.manual;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Says which module the manual's links need for each definition. What is added first counts. */
final class Modules {

    private static final Pattern ANCHOR =
            Pattern.compile("id=\"(?:command|event|object|enum|alternate)-QMP-([^.\"]+)\\.([^\"]+)\"");

    private final Map<String, String> modules = new HashMap<>();

    /**
     * The manual as HTML (10.0 is the first with such anchors) says it best: what stands in {@code block.json} behind the
     * inclusion of {@code block-core.json} is of module {@code block-core} there.
     */
    void addHtml(Path page) {
        try {
            ANCHOR.matcher(Files.readString(page))
                    .results()
                    .forEach(anchor -> modules.putIfAbsent(anchor.group(2), anchor.group(1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What is in manual pages alone stands there near others of its module. A neighbour counts if it stands below the same
     * heading, and has stood there in all pages.
     */
    void infer(Manual manual, Collection<Manual> others) {
        List<Definition> definitions = List.copyOf(manual.definitions());
        Map<String, String> inferred = new HashMap<>();
        for (int i = 0; i < definitions.size(); i++) {
            Definition definition = definitions.get(i);
            int last = i - 1;
            Stream<Definition> before = IntStream.rangeClosed(0, last).mapToObj(back -> definitions.get(last - back));
            Stream<Definition> after = definitions.subList(i, definitions.size()).stream();
            Stream.concat(before, after)
                    .filter(other -> sections(other, others).equals(Set.of(definition.section())))
                    .map(other -> modules.get(other.name()))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .ifPresent(module -> inferred.put(definition.name(), module));
        }
        inferred.forEach(modules::putIfAbsent);
    }

    Optional<String> of(String name) {
        return Optional.ofNullable(modules.get(name));
    }

    private static Set<String> sections(Definition definition, Collection<Manual> manuals) {
        Set<String> sections = new HashSet<>(Set.of(definition.section()));
        manuals.forEach(manual ->
                manual.find(definition.name()).map(Definition::section).ifPresent(sections::add));
        return sections;
    }
}
