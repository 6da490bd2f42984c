package dev.qmp.generator;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The table {@code names.tsv}: facts of QEMU's manual that its schema does not tell. A fact stands at a place: a command,
 * {@code COMMAND:return}, an event or a type, then {@code .member}, {@code =tag} of a union's branch, or {@code |kind} of an
 * alternative.
 */
final class Names {

    private final Map<String, Map<String, String>> byKind = new HashMap<>();

    private Names() {}

    /** The table that is kept with the generator. */
    static Names load() {
        try (InputStream in = Objects.requireNonNull(Names.class.getResourceAsStream("names.tsv"))) {
            return read(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Names read(BufferedReader lines) throws IOException {
        Names names = new Names();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (!line.isBlank() && !line.startsWith("#")) {
                names.add(line);
            }
        }
        return names;
    }

    private void add(String line) {
        String[] fields = line.split("\t", -1);
        if (fields.length != 3) {
            throw new IllegalStateException("names.tsv: not three fields: " + line);
        }
        String before =
                byKind.computeIfAbsent(fields[0], kind -> new HashMap<>()).put(fields[2], fields[1]);
        if (before != null) {
            throw new IllegalStateException("names.tsv: " + fields[2] + " is " + before + " and " + fields[1]);
        }
    }

    /** This table, and names that were made up for types at places that it does not name. */
    Names withMadeUp(Map<String, String> namesByPlace) {
        Names names = new Names();
        byKind.forEach((kind, facts) -> names.byKind.put(kind, new HashMap<>(facts)));
        names.byKind.computeIfAbsent("made up", kind -> new HashMap<>()).putAll(namesByPlace);
        return names;
    }

    /** The public name of the type that stands there. */
    Optional<String> type(String where) {
        return find("type", where);
    }

    Optional<String> madeUp(String where) {
        return find("made up", where);
    }

    /** QAPI's name of an alternative. */
    Optional<String> alternative(String where) {
        return find("branch", where);
    }

    /** Whether the integer there has no sign and 64 bits. */
    boolean unsigned(String where) {
        return find("integer", where).isPresent();
    }

    /** What a number there counts. */
    Optional<String> unit(String where) {
        Optional<String> unit = find("unit", where);
        return unit.isPresent() || !find("integer", where).equals(Optional.of("size")) ? unit : Optional.of("bytes");
    }

    /** The part of the manual that defines the command, the event or the type. */
    Optional<String> module(String name) {
        return find("module", name);
    }

    private Optional<String> find(String kind, String where) {
        return Optional.ofNullable(byKind.getOrDefault(kind, Map.of()).get(where));
    }
}
