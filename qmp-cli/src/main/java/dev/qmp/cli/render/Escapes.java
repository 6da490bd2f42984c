package dev.qmp.cli.render;

import java.util.Locale;

/** Makes foreign text harmless: what a guest, a QEMU or a file name says must not drive the reader's terminal. */
final class Escapes {

    private Escapes() {}

    /** The text with control characters as {@code \xNN}, line ends and tabs included. */
    static String printable(String text) {
        StringBuilder safe = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean harmless = c >= ' '
                    && c != 0x7f
                    && !(c >= 0x80 && c < 0xa0)
                    && c != 0x2028
                    && c != 0x2029
                    && !(c >= 0x202a && c <= 0x202e)
                    && !(c >= 0x2066 && c <= 0x2069);
            if (harmless && safe == null) {
                continue;
            }
            if (safe == null) {
                safe = new StringBuilder(text.length() + 8).append(text, 0, i);
            }
            if (harmless) {
                safe.append(c);
            } else {
                safe.append(
                        c < 0x100
                                ? String.format(Locale.ROOT, "\\x%02x", (int) c)
                                : String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        return safe == null ? text : safe.toString();
    }
}
