package dev.qmp.generator.manual;

import dev.qmp.generator.Schema;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in which a type stands, as the table writes it: {@code block-stream} (what a command takes), {@code
 * query-block:return} (what it returns), {@code BlockInfo.inserted} (a member), {@code BlockdevOptions=qcow2} (a union's
 * branch) or {@code BlockdevRef|string} (an alternative). Arrays are taken off everywhere.
 *
 * @param owner a command, an event or a type's public name
 * @param step from there: {@code ""}, {@code ":return"}, or a mark and a name
 */
record Where(String owner, String step) implements Comparable<Where> {

    private static final Pattern PLACE = Pattern.compile("([^.=|:]+)(:return|[.=|].+)?");

    static Where of(String place) {
        Matcher matcher = PLACE.matcher(place);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("no place in a schema: " + place);
        }
        return new Where(matcher.group(1), Optional.ofNullable(matcher.group(2)).orElse(""));
    }

    static Where member(String owner, String name) {
        return new Where(owner, "." + name);
    }

    static Where branch(String owner, String value) {
        return new Where(owner, "=" + value);
    }

    static Where alternative(String owner, String jsonKind) {
        return new Where(owner, "|" + jsonKind);
    }

    static Where result(String command) {
        return new Where(command, ":return");
    }

    static Where arguments(String commandOrEvent) {
        return new Where(commandOrEvent, "");
    }

    /** The type that stands there, where the owner is this entry of the schema; empty if there is no such place. */
    Optional<Schema.Entry> in(Schema schema, Schema.Entry entry) {
        String name = step.isEmpty() ? "" : step.substring(1);
        Optional<String> type = switch (step.isEmpty() ? ' ' : step.charAt(0)) {
            case ' ' -> arguments(entry);
            case ':' -> entry instanceof Schema.Command command ? Optional.of(command.result()) : Optional.empty();
            case '.' -> member(schema, entry, name);
            case '=' ->
                entry instanceof Schema.ObjectType object
                        ? Optional.ofNullable(object.variants().get(name))
                        : Optional.empty();
            default ->
                entry instanceof Schema.Alternate alternate
                        ? alternate.types().stream()
                                .filter(type1 -> jsonKind(schema, type1).equals(name))
                                .findFirst()
                        : Optional.empty();
        };
        return type.map(schema::elementType);
    }

    /** As {@code string}, {@code int}, {@code number}, {@code boolean}, {@code null}, {@code object} or {@code array}. */
    static String jsonKind(Schema schema, String type) {
        Schema.Entry entry = schema.type(type);
        if (entry instanceof Schema.Builtin builtin) {
            return builtin.jsonType();
        }
        if (entry instanceof Schema.Enumeration) {
            return "string";
        }
        return entry instanceof Schema.Array ? "array" : "object";
    }

    private static Optional<String> arguments(Schema.Entry entry) {
        if (entry instanceof Schema.Command command) {
            return Optional.of(command.arguments());
        }
        return entry instanceof Schema.Event event ? Optional.of(event.arguments()) : Optional.empty();
    }

    private static Optional<String> member(Schema schema, Schema.Entry entry, String name) {
        Schema.Entry holder = arguments(entry).map(schema::type).orElse(entry);
        return holder instanceof Schema.ObjectType object
                ? object.members().stream()
                        .filter(member -> member.name().equals(name))
                        .map(Schema.Member::type)
                        .findFirst()
                : Optional.empty();
    }

    @Override
    public int compareTo(Where other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return owner + step;
    }
}
