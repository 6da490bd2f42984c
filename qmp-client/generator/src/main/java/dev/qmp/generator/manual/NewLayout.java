package dev.qmp.generator.manual;

import dev.qmp.generator.manual.Definition.Kind;
import dev.qmp.generator.manual.Definition.TypeWord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Manual pages since QEMU 10.0: each definition is a term such as {@code Command block-stream (Since: 1.1)}, with a term for
 * each of its parts one step further in, and a bullet for each member below that.
 */
final class NewLayout {

    private static final Pattern HEADING = Pattern.compile("\\.B (Command|Event|Enum|Object|Alternate) +(\\S+).*");
    private static final Set<String> LISTS = Set.of("Arguments", "Members", "Values", "Alternatives");
    private static final Pattern BRANCH = Pattern.compile("When (\\S+) is (\\S+): The members of (\\S+)\\.");
    private static final Pattern BASE = Pattern.compile("The members of (\\S+)\\.");
    private static final Pattern VALUE = Pattern.compile("(\\S+)( -- ?.*)?");
    private static final Pattern MEMBER = Pattern.compile("(\\S+) \\(([^,)]*)(, optional)?\\)(?: -- ?(.*))?");

    private final List<Definition> definitions = new ArrayList<>();
    private Draft draft = new Draft(Kind.OBJECT, "", "");
    private boolean inDefinition;
    private String section = "";
    private String part = "";
    private int depth;
    private int outside;

    private NewLayout() {}

    static List<Definition> read(List<String> lines) {
        NewLayout layout = new NewLayout();
        String before = "";
        for (String line : lines) {
            layout.line(line, before);
            before = line;
        }
        layout.end();
        return layout.definitions;
    }

    private void line(String line, String before) {
        Matcher heading = HEADING.matcher(line);
        if (before.equals(".TP") && heading.matches()) {
            end();
            draft = new Draft(Kind.of(heading.group(1)), Roff.plain(heading.group(2)), section);
            inDefinition = true;
            part = "";
            outside = depth;
        } else if (line.startsWith(".SH ") || line.startsWith(".SS ")) {
            end();
            section = line;
        } else if (line.startsWith(".INDENT")) {
            depth++;
        } else if (line.startsWith(".UNINDENT")) {
            depth--;
            if (depth <= outside) {
                part = "";
                draft.leaveMember();
            }
        } else if (inDefinition && before.equals(".TP") && depth == outside + 1) {
            part = Roff.plain(line.substring(3));
            draft.leaveMember();
        } else if (inDefinition && before.startsWith(".IP") && depth == outside + 2 && LISTS.contains(part)) {
            entry(Roff.plain(line));
        } else if (inDefinition && before.equals(".B Return") && depth == outside + 1) {
            draft.result(Roff.plain(line).split(" ", 2)[0]);
        } else if (inDefinition && !line.startsWith(".")) {
            draft.text(Roff.plain(line));
        }
    }

    private void entry(String entry) {
        Matcher branch = BRANCH.matcher(entry);
        Matcher base = BASE.matcher(entry);
        Matcher value = VALUE.matcher(entry);
        Matcher member = MEMBER.matcher(entry);
        if (branch.matches()) {
            draft.branch(branch.group(1), branch.group(2), branch.group(3));
        } else if (base.matches()) {
            draft.base(base.group(1));
        } else if (part.equals("Values") && value.matches()) {
            draft.member(value.group(1), TypeWord.NONE, false, "");
        } else if (member.matches()) {
            String text = member.group(4);
            draft.member(
                    member.group(1), TypeWord.of(member.group(2)), member.group(3) != null, text == null ? "" : text);
        } else {
            throw new IllegalStateException("the manual has a member that cannot be read: " + entry);
        }
    }

    private void end() {
        if (inDefinition) {
            definitions.add(draft.finish());
        }
        inDefinition = false;
    }
}
