package dev.qmp.schema;

import static dev.qmp.schema.ArgumentProblems.join;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.schema.SchemaFinding.Kind;
import dev.qmp.schema.SchemaType.Alternate;
import dev.qmp.schema.SchemaType.Builtin;
import dev.qmp.schema.SchemaType.Enumeration;
import dev.qmp.schema.SchemaType.ObjectType;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What can be wrong with the arguments of a command, in words that say what to write instead. */
final class FindingText {

    private static final String INTEGERS =
            "write digits; as KEY=VALUE also 0x and hexadecimal digits, or digits with K, M,"
                    + " G, T, P or E for powers of 1024";
    private static final int LONGEST_VALUE = 60;
    /** The names are the peer's, and may be made to fill a terminal; the longest real one has 700 characters. */
    private static final int LONGEST_TEXT = 2000;

    private final QmpSchema schema;
    private final String command;

    FindingText(QmpSchema schema, String command) {
        this.schema = schema;
        this.command = command;
    }

    private static SchemaFinding finding(Kind kind, String path, String message, @Nullable String hint) {
        return new SchemaFinding(
                kind,
                path,
                cut(message, LONGEST_TEXT),
                Optional.ofNullable(hint).map(text -> cut(text, LONGEST_TEXT)));
    }

    SchemaFinding unknownCommand() {
        List<String> like = schema.commandsLike(command);
        return finding(
                Kind.UNKNOWN_COMMAND,
                "",
                "this QEMU has no command '" + command + "'",
                like.isEmpty() ? null : "did you mean " + String.join(" or ", like) + "?");
    }

    SchemaFinding unknownArgument(String path, String name, ObjectType type, UnionMembers members) {
        String with = members.choices().entrySet().stream()
                .map(choice -> " with " + join(path, choice.getKey()) + "=" + choice.getValue())
                .collect(Collectors.joining());
        return finding(
                Kind.UNKNOWN_ARGUMENT,
                join(path, name),
                owner(path) + with + " has no argument '" + join(path, name) + "'",
                takes(path, name, type, members));
    }

    private String takes(String path, String name, ObjectType type, UnionMembers members) {
        if (members.names().isEmpty()) {
            return "it takes none";
        }
        List<String> branches = type.variants().entrySet().stream()
                .filter(variant -> schema.type(variant.getValue()) instanceof ObjectType branch
                        && branch.members().stream()
                                .anyMatch(member -> member.name().equals(name)))
                .map(Map.Entry::getKey)
                .toList();
        String elsewhere = branches.isEmpty()
                ? ""
                : "'" + name + "' goes with " + join(path, type.tag().orElse("")) + "="
                        + TypeText.firstOf(branches, "|") + "; ";
        List<String> nearest = NearestNames.sorted(name, members.names());
        return didYouMean(path, name, members.names()) + elsewhere + "it takes "
                + nearest.stream()
                        .map(member -> join(path, member) + (members.isMandatory(member) ? " (mandatory)" : ""))
                        .collect(Collectors.joining(", "));
    }

    SchemaFinding missing(String path, List<SchemaMember> missing) {
        return finding(
                Kind.MISSING_ARGUMENT,
                join(path, missing.get(0).name()),
                owner(path) + " needs "
                        + missing.stream()
                                .map(member -> join(path, member.name()) + " (" + schema.describe(member.type()) + ")")
                                .collect(Collectors.joining(", ")),
                null);
    }

    SchemaFinding unknownValue(String path, List<String> values, String text) {
        return finding(
                Kind.UNKNOWN_VALUE,
                path,
                "'" + path + "' cannot be " + shown(text),
                didYouMean("", text, values) + "it is one of "
                        + TypeText.firstOf(NearestNames.sorted(text, values), ", "));
    }

    SchemaFinding wrongType(String path, SchemaType type, JsonNode value) {
        String kind = type instanceof Builtin builtin ? builtin.jsonType() : "";
        String hint = switch (kind) {
            case "int" -> INTEGERS;
            case "boolean" -> "write true or false; as KEY=VALUE also on or off";
            default -> null;
        };
        String words = schema.describe(type.name());
        String article = type instanceof Enumeration ? "one of " : "aeio".indexOf(words.charAt(0)) >= 0 ? "an " : "a ";
        return finding(
                Kind.WRONG_TYPE,
                path,
                "'" + path + "' is " + (kind.equals("null") ? "" : article) + words + ", not " + shown(value),
                hint);
    }

    SchemaFinding tooWide(String path, JsonNode value) {
        return finding(
                Kind.WRONG_TYPE,
                path,
                "'" + path + "' is an integer of 64 bits, not " + shown(value),
                "it is between -2^63 and 2^64-1");
    }

    SchemaFinding noneOf(String path, Alternate type, JsonNode value) {
        return finding(
                Kind.WRONG_TYPE,
                path,
                "'" + path + "' cannot be " + shown(value),
                "it is " + schema.describe(type.name()));
    }

    SchemaFinding warning(Kind kind, String path, @Nullable String value) {
        String name = path.isEmpty()
                ? "the command '" + command + "'"
                : (value == null ? "" : "'" + value + "' as ") + "'" + path + "' of '" + command + "'";
        String qemu = schema.version().map(v -> " in QEMU " + v).orElse("");
        return finding(
                kind,
                path,
                kind == Kind.DEPRECATED
                        ? name + " is deprecated" + qemu + ": a later QEMU will not have it"
                        : name + " is unstable" + qemu + ": another QEMU may not have it, or mean something else by it",
                null);
    }

    private static String didYouMean(String path, String typed, Collection<String> names) {
        List<String> like = NearestNames.close(typed, names);
        return like.isEmpty() ? "" : "did you mean " + join(path, like.get(0)) + "? ";
    }

    private String owner(String path) {
        return path.isEmpty() ? command : "'" + path + "' of " + command;
    }

    private static String shown(JsonNode value) {
        if (value.isTextual()) {
            return shown(value.textValue());
        }
        if (value.isContainerNode()) {
            return value.isArray() ? "an array" : "an object";
        }
        return cut(value.asText(), LONGEST_VALUE);
    }

    private static String shown(String text) {
        return "'" + cut(text, LONGEST_VALUE) + "'";
    }

    private static String cut(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest) + "…";
    }
}
