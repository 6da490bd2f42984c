package dev.qmp.cli.render;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as people write and read them. */
public final class Durations {

    private static final Pattern TEXT = Pattern.compile("(\\d+)(ms|s|m|h|)");

    private Durations() {}

    /**
     * Reads {@code 500ms}, {@code 30s}, {@code 2m}, {@code 1h}, or a bare 0.
     *
     * @throws IllegalArgumentException where the text is none of these
     */
    public static Duration parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()
                || (matcher.group(2).isEmpty() && !matcher.group(1).equals("0"))) {
            throw new IllegalArgumentException("'" + text + "' is no duration; write 500ms, 30s or 2m");
        }
        try {
            long number = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                default -> Duration.ofSeconds(number);
            };
        } catch (NumberFormatException | ArithmeticException e) {
            throw new IllegalArgumentException("'" + text + "' is longer than time can be", e);
        }
    }

    /** {@code 0:07}, {@code 12:03}, {@code 1:02:03}. */
    static String clock(long seconds) {
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
