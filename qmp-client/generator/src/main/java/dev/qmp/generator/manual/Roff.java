package dev.qmp.generator.manual;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The few words of roff that docutils writes manual pages with. */
final class Roff {

    private static final Pattern FONT = Pattern.compile("\\\\f[BIRP]");
    private static final Pattern GLUED = Pattern.compile("([^.].*?)(\\.INDENT [0-9.]+)");

    private Roff() {}

    /** The page's lines, where a request stands at the beginning of a line as it ought to. */
    static List<String> lines(String page) {
        List<String> lines = new ArrayList<>();
        for (String line : page.lines().toList()) {
            // Up to QEMU 11.1 at least, a list that opens a description is glued to the line before it.
            Matcher glued = GLUED.matcher(line);
            if (glued.matches()) {
                lines.add(glued.group(1));
                lines.add(glued.group(2));
            } else {
                lines.add(line);
            }
        }
        return lines;
    }

    /** A line of text as it is read. */
    static String plain(String line) {
        return FONT.matcher(line)
                .replaceAll("")
                .replace("\\%", "")
                .replace("\\&", "")
                .replace("\\-", "-")
                .replace("\\(aq", "'")
                .replace("\\(dq", "\"")
                .replace("\\(bu", "*")
                .replace("\\(ga", "`")
                .replace("\\(ti", "~")
                .replace("\\(ha", "^")
                .replace("\\e", "\\");
    }
}
