package dev.qmp.schema;

import dev.qmp.schema.SchemaType.Alternate;
import dev.qmp.schema.SchemaType.ObjectType;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What can be wrong with the words for a command, in words that say what to write instead. */
final class ArgumentProblems {

    private final QmpSchema schema;
    private final String command;

    ArgumentProblems(QmpSchema schema, String command) {
        this.schema = schema;
        this.command = command;
    }

    static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    static ArgumentException unknownCommand(QmpSchema schema, String command) {
        List<String> like = schema.commandsLike(command);
        return new ArgumentException(
                "this QEMU has no command '" + command + "'",
                like.isEmpty() ? null : "did you mean " + String.join(" or ", like) + "?");
    }

    static ArgumentException notInEnumeration(String path, List<String> values, String text) {
        return new ArgumentException(
                "'" + path + "' cannot be '" + text + "'",
                didYouMean("", text, values) + "it is one of "
                        + TypeText.firstOf(NearestNames.sorted(text, values), ", "));
    }

    ArgumentException missing(String path, List<SchemaMember> missing) {
        return new ArgumentException(
                owner(path) + " needs "
                        + missing.stream()
                                .map(member -> join(path, member.name()) + " (" + schema.describe(member.type()) + ")")
                                .collect(Collectors.joining(", ")),
                null);
    }

    ArgumentException unknown(String path, String name, ObjectType type, UnionMembers members) {
        String with = members.choices().entrySet().stream()
                .map(choice -> " with " + join(path, choice.getKey()) + "=" + choice.getValue())
                .collect(Collectors.joining());
        return new ArgumentException(
                owner(path) + with + " has no argument '" + join(path, name) + "'", hint(path, name, type, members));
    }

    private String hint(String path, String name, ObjectType type, UnionMembers members) {
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

    ArgumentException twice(String path) {
        return new ArgumentException("'" + path + "' is given twice", null);
    }

    ArgumentException noMembers(String path, SchemaType type) {
        return new ArgumentException(
                "'" + path + "' is " + schema.describe(type.name()) + " and has no members",
                "write " + path + "=VALUE, or " + path + ":=JSON");
    }

    ArgumentException noObject(String path) {
        return new ArgumentException(
                "'" + path + "' is an object", "write its members as " + path + ".NAME=VALUE, or all of it as JSON");
    }

    ArgumentException noArrayOfArrays(String path) {
        return new ArgumentException("'" + path + "' is an array of arrays", "write it as JSON");
    }

    ArgumentException noIndex(String path, Collection<String> indexes) {
        return new ArgumentException(
                "'" + path + "' is an array, and " + String.join(", ", indexes) + " do not count from 0 without a gap",
                "repeat " + path + "=VALUE, number the elements as " + path + ".0, " + path + ".1, or write JSON");
    }

    ArgumentException noneOf(String path, Alternate type, String text) {
        return new ArgumentException(
                "'" + path + "' cannot be '" + text + "'", "it is " + schema.describe(type.name()));
    }

    private static String didYouMean(String path, String typed, Collection<String> names) {
        List<String> like = NearestNames.close(typed, names);
        return like.isEmpty() ? "" : "did you mean " + join(path, like.get(0)) + "? ";
    }

    private String owner(String path) {
        return path.isEmpty() ? command : "'" + path + "' of " + command;
    }
}
