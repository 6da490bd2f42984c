package dev.qmp.generator;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The tables {@code names.tsv} and {@code integers.tsv}: facts that QEMU's schema does not tell. A fact stands at a place:
 * a command, {@code COMMAND:return}, an event or a type, then {@code .member}, {@code =tag} of a union's branch, or
 * {@code |kind} of an alternative. A fourth field has the versions in which the fact holds, where it does not in all.
 */
final class Names {

    private final Map<String, Map<String, String>> byKind = new HashMap<>();

    private Names() {}

    /** The tables that are kept with the generator. */
    static Names load() {
        Names names = new Names();
        for (String table : List.of("names.tsv", "integers.tsv")) {
            try (InputStream in = Objects.requireNonNull(Names.class.getResourceAsStream(table))) {
                names.addAll(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return names;
    }

    static Names read(BufferedReader lines) throws IOException {
        Names names = new Names();
        names.addAll(lines);
        return names;
    }

    private void addAll(BufferedReader lines) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (!line.isBlank() && !line.startsWith("#")) {
                add(line);
            }
        }
    }

    private void add(String line) {
        String[] fields = line.split("\t", -1);
        if (fields.length != 3 && fields.length != 4) {
            throw new IllegalStateException("names.tsv: not three or four fields: " + line);
        }
        if (fields.length == 3) {
            put(fields[0], fields[2], fields[1]);
        } else {
            for (String version : fields[3].split(",", -1)) {
                put(fields[0], fields[2] + "@" + version, fields[1]);
            }
        }
    }

    private void put(String kind, String place, String fact) {
        String before = byKind.computeIfAbsent(kind, k -> new HashMap<>()).put(place, fact);
        if (before != null) {
            throw new IllegalStateException("names.tsv: " + place + " is " + before + " and " + fact);
        }
    }

    /** This table, and names that were made up for types at places that it does not name. */
    Names withMadeUp(Map<String, String> namesByPlace) {
        Names names = new Names();
        byKind.forEach((kind, facts) -> names.byKind.put(kind, new HashMap<>(facts)));
        names.byKind.computeIfAbsent("made up", kind -> new HashMap<>()).putAll(namesByPlace);
        return names;
    }

    /** The public name of the type that stands there in that version. */
    Optional<String> type(String where, String version) {
        Optional<String> special = find("type", where + "@" + version);
        return special.isPresent() ? special : find("type", where);
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
        return find("unit", where);
    }

    /** The part of the manual that defines the command, the event or the type. */
    Optional<String> module(String name) {
        return find("module", name);
    }

    private Optional<String> find(String kind, String where) {
        return Optional.ofNullable(byKind.getOrDefault(kind, Map.of()).get(where));
    }
}
