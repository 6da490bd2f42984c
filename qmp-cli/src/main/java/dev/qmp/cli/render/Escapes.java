package dev.qmp.cli.render;

import java.util.Locale;

/**
 * Makes foreign text harmless: what a guest, a QEMU or a file name says must not drive the reader's terminal, forge a line
 * or a column, or look like another text. Controls, marks of direction and other characters that nobody sees, ends of
 * lines and halves of characters are shown and not sent.
 */
final class Escapes {

    private Escapes() {}

    /** The text with what is not harmless as a backslash, x, u or U, and 2, 4 or 8 hexadecimal digits. */
    static String printable(String text) {
        return replace(
                text,
                c -> c < 0x100
                        ? String.format(Locale.ROOT, "\\x%02x", c)
                        : c < 0x10000
                                ? String.format(Locale.ROOT, "\\u%04x", c)
                                : String.format(Locale.ROOT, "\\U%08x", c));
    }

    /**
     * A JSON text on one line that means the same, without what is not harmless. Jackson escapes no more than JSON demands,
     * which leaves a terminal its C1 controls; whatever else is foreign stands in a string, where it may be escaped.
     */
    static String json(String json) {
        return replace(json, c -> {
            StringBuilder escaped = new StringBuilder();
            for (char unit : Character.toChars(c)) {
                escaped.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
            }
            return escaped.toString();
        });
    }

    private interface Shown {
        String of(int character);
    }

    private static String replace(String text, Shown shown) {
        StringBuilder safe = null;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            int next = i + Character.charCount(c);
            if (harmless(c)) {
                if (safe != null) {
                    safe.appendCodePoint(c);
                }
            } else {
                if (safe == null) {
                    safe = new StringBuilder(text.length() + 8).append(text, 0, i);
                }
                safe.append(shown.of(c));
            }
            i = next;
        }
        return safe == null ? text : safe.toString();
    }

    private static boolean harmless(int c) {
        if (c < 0x7f) {
            return c >= ' ';
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
