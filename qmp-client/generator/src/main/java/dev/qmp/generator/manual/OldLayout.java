package dev.qmp.generator.manual;

import dev.qmp.generator.manual.Definition.Kind;
import dev.qmp.generator.manual.Definition.TypeWord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Manual pages up to QEMU 9.2, as of 7.2: each definition is a heading such as {@code block-stream (Command)}, with headings
 * for its parts below it. What a command returns is said in prose, so every word of that prose that looks like a type's name
 * is a possible result.
 */
final class OldLayout {

    private static final Pattern HEADING =
            Pattern.compile("\\.SS \\\\fB(.*)\\\\fP \\((Command|Event|Enum|Object|Alternate)\\)");
    private static final Set<String> LISTS = Set.of("Arguments", "Members", "Values");
    private static final Set<String> PARTS =
            Set.of("Since", "Example", "Examples", "Features", "If", "Note", "Notes", "Returns", "TODO");
    private static final Pattern CONDITION = Pattern.compile(" ?\\(If: .*");
    private static final Pattern BRANCH = Pattern.compile("The members of (\\S+) when (\\S+) is \"(.*)\"");
    private static final Pattern BASE = Pattern.compile("The members of (\\S+)");
    private static final Pattern MEMBER = Pattern.compile("(\\S+): (.*?)( \\(optional\\))?");
    private static final Pattern TYPE = Pattern.compile("\\b[A-Z][A-Za-z0-9]+\\b");

    private final List<Definition> definitions = new ArrayList<>();
    private Draft draft = new Draft(Kind.OBJECT, "", "");
    private boolean inDefinition;
    private String section = "";
    private String part = "";
    private int depth;

    private OldLayout() {}

    static boolean matches(List<String> lines) {
        return lines.stream().anyMatch(line -> HEADING.matcher(line).matches());
    }

    static List<Definition> read(List<String> lines) {
        OldLayout layout = new OldLayout();
        for (int i = 0; i < lines.size(); i++) {
            boolean term = i > 0 && lines.get(i - 1).equals(".TP");
            layout.line(lines.get(i), term);
        }
        layout.end();
        return layout.definitions;
    }

    private void line(String line, boolean term) {
        Matcher heading = HEADING.matcher(line);
        if (heading.matches()) {
            end();
            draft = new Draft(Kind.of(heading.group(2)), Roff.plain(heading.group(1)), section);
            inDefinition = true;
            part = "";
        } else if (line.startsWith(".SH ")) {
            end();
            section = line;
        } else if (line.startsWith(".SS ")) {
            part = Roff.plain(line.substring(4));
            draft.leaveMember();
            if (!LISTS.contains(part) && !PARTS.contains(part)) {
                end();
                section = line;
            }
        } else if (line.startsWith(".INDENT")) {
            depth++;
        } else if (line.startsWith(".UNINDENT")) {
            depth--;
        } else if (inDefinition && term && depth == 1 && LISTS.contains(part)) {
            term(Roff.plain(line.startsWith(".B ") ? line.substring(3) : line));
        } else if (inDefinition && !line.startsWith(".")) {
            text(Roff.plain(line));
        }
    }

    private void term(String words) {
        String term = CONDITION.matcher(words).replaceFirst("").trim();
        Matcher branch = BRANCH.matcher(term);
        Matcher base = BASE.matcher(term);
        Matcher member = MEMBER.matcher(term);
        if (branch.matches()) {
            draft.branch(branch.group(2), branch.group(3), branch.group(1));
        } else if (base.matches()) {
            draft.base(base.group(1));
        } else if (part.equals("Values")) {
            draft.member(term, TypeWord.NONE, false, "");
        } else if (member.matches()) {
            draft.member(member.group(1), TypeWord.of(member.group(2)), member.group(3) != null, "");
        } else {
            throw new IllegalStateException("the manual has a member that cannot be read: " + term);
        }
    }

    private void text(String line) {
        if (part.equals("Returns")) {
            TYPE.matcher(line).results().forEach(word -> draft.result(word.group()));
        } else {
            draft.text(line);
        }
    }

    private void end() {
        if (inDefinition) {
            definitions.add(draft.finish());
        }
        inDefinition = false;
    }
}
