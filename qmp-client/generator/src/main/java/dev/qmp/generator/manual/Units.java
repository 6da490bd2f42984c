package dev.qmp.generator.manual;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Finds, in what the manual says of a number, what it counts; only if it says so plainly, and of one unit. */
final class Units {

    private static final String UNIT =
            "(mib/s|mb/s|megabits/sec|bytes|kib|mib|gib|pages|seconds|milliseconds|microseconds|nano ?seconds|ms|ns|sectors"
                    + "|pixels|hz|mbps)( per second)?\\b";

    /** The first that is found decides: more than one unit there, and it is not plain. */
    private static final List<Pattern> PLAIN = List.of(
            // First, as up to 11.1 at least, limits of operations are said to be in bytes as well, which they are not.
            Pattern.compile("\\b(operations per second)\\b"),
            Pattern.compile("\\bpages transferred (per second)\\b"),
            Pattern.compile("\\bin units of (second)\\b"),
            Pattern.compile("\\bin (?:units of )?" + UNIT),
            Pattern.compile("[,(]\\s?" + UNIT),
            Pattern.compile("\\blimit (?:total |read |write )?" + UNIT),
            Pattern.compile("\\b(?:number|amount) of (?:\\w+ |duplicate \\(zero\\) )?" + UNIT + "(?! per (?!page))"),
            Pattern.compile("^(?:how many |total )?(bytes) "),
            Pattern.compile("\\b(percentage)\\b"));

    private Units() {}

    /** One of our own words for it. */
    static Optional<String> in(String text) {
        String plain = text.replaceAll("\\s+", " ").trim().toLowerCase(Locale.ROOT);
        if (plain.contains("-unit")) {
            // Another member has the unit, as calc-time-unit has calc-time's since 8.2.
            return Optional.empty();
        }
        for (Pattern pattern : PLAIN) {
            List<String> units =
                    pattern.matcher(plain).results().map(Units::unit).distinct().toList();
            if (!units.isEmpty()) {
                // Limits of throughput during bursts are said to be in bytes.
                boolean rate = plain.contains("throughput") && units.contains("bytes");
                return units.size() > 1 ? Optional.empty() : Optional.of(rate ? "bytes per second" : units.get(0));
            }
        }
        return Optional.empty();
    }

    private static String unit(MatchResult result) {
        String unit = switch (result.group(1)) {
            case "kib" -> "KiB";
            case "mib" -> "MiB";
            case "gib" -> "GiB";
            case "second" -> "seconds";
            case "ms" -> "milliseconds";
            case "ns", "nano seconds" -> "nanoseconds";
            case "percentage" -> "percent";
            case "hz" -> "Hz";
            case "mbps", "megabits/sec" -> "Mbit per second";
            case "mib/s" -> "MiB per second";
            case "mb/s" -> "MB per second";
            case "per second" -> "pages per second";
            default -> result.group(1);
        };
        return result.groupCount() < 2 || result.group(2) == null ? unit : unit + result.group(2);
    }
}
