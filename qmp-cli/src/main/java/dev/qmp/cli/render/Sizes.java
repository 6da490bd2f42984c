package dev.qmp.cli.render;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of bytes as people write and read them; units are binary. */
public final class Sizes {

    private static final Pattern TEXT = Pattern.compile("(\\d+)\\s*([KMGTPE]?)(?:i?B)?", Pattern.CASE_INSENSITIVE);
    private static final String UNITS = "KMGTPE";

    private Sizes() {}

    /**
     * Reads bytes, or a number with K, M, G, T, P or E.
     *
     * @throws IllegalArgumentException where the text is none, or is more than 2^63-1 bytes
     */
    public static long parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no size; write bytes, or a number with K, M, G or T: 64M");
        }
        String unit = matcher.group(2).toUpperCase(Locale.ROOT);
        int power = unit.isEmpty() ? 0 : UNITS.indexOf(unit) + 1;
        try {
            return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << (10 * power));
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is more bytes than there can be", e);
        }
    }

    /** Three digits and a unit: {@code 1.50 GiB}, {@code 64 MiB}, {@code 196 KiB}, {@code 12 B}. */
    public static String human(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        int power = (63 - Long.numberOfLeadingZeros(bytes)) / 10;
        double value = bytes / (double) (1L << (10 * power));
        String format = value == Math.rint(value) || value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value) + " " + UNITS.charAt(power - 1) + "iB";
    }
}
