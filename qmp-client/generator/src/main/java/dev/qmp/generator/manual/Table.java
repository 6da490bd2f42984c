package dev.qmp.generator.manual;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The lines of {@code names.tsv}.
 *
 * @param notes comments at the end: what was not found
 */
record Table(Set<Line> lines, List<String> notes) {

    enum Kind {
        /** A public name of a type. */
        TYPE,
        /** The name of an alternative. */
        BRANCH,
        /** The width of an integer. */
        INTEGER,
        /** What a number counts. */
        UNIT,
        /** The part of the manual that has a definition. */
        MODULE;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param versions of QEMU in which it holds, where the same place has another type in others; else empty */
    record Line(Kind kind, String value, String where, Set<String> versions) implements Comparable<Line> {

        static Line of(Kind kind, String value, Where where) {
            return new Line(kind, value, where.toString(), Set.of());
        }

        boolean holdsIn(String version) {
            return versions.isEmpty() || versions.contains(version);
        }

        @Override
        public String toString() {
            String line = String.join("\t", kind.word(), value, where);
            return versions.isEmpty() ? line : line + "\t" + String.join(",", versions);
        }

        @Override
        public int compareTo(Line other) {
            int kinds = kind.compareTo(other.kind);
            return kinds != 0 ? kinds : toString().compareTo(other.toString());
        }
    }

    private static final String HEAD = """
            # What query-qmp-schema does not tell of commands, events and types, as QEMU's reference manual has it. MakeNames writes this.
            # type     NAME    WHERE  the public name of the type that stands there; arrays are taken off everywhere
            # branch   NAME    WHERE  the name of an alternative
            # integer  WIDTH   WHERE  the integer there is a size or an uint64: unsigned, of 64 bits
            # unit     UNIT    WHERE  what the number there counts
            # module   MODULE  NAME   the part of the manual that defines it; its links end in #KIND-QMP-MODULE.NAME
            # WHERE is COMMAND or EVENT (its arguments), COMMAND:return, OWNER.MEMBER, UNION=TAG or
            # ALTERNATE|string (or int, number, boolean, null, object, array; enumerations are strings); OWNER is a command, an
            # event or a public name. A fourth column has the versions (with commas) in which the line holds: in others, that
            # place has another type. A type that was renamed has its newest name in all versions.
            """;

    static Table of(Collection<Line> lines, List<String> notes) {
        return new Table(new TreeSet<>(lines), List.copyOf(notes));
    }

    static Table parse(String text) {
        List<Line> lines = new ArrayList<>();
        for (String line : text.lines().toList()) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] words = line.split("\t", -1);
                Set<String> versions = words.length > 3 ? new LinkedHashSet<>(List.of(words[3].split(","))) : Set.of();
                lines.add(new Line(Kind.valueOf(words[0].toUpperCase(Locale.ROOT)), words[1], words[2], versions));
            }
        }
        return of(lines, List.of());
    }

    String text() {
        return HEAD
                + lines.stream().map(line -> line + "\n").collect(Collectors.joining())
                + notes.stream().map(note -> "# " + note + "\n").collect(Collectors.joining());
    }
}
