package dev.qmp.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.schema.SchemaFinding.Kind;
import dev.qmp.schema.SchemaType.Alternate;
import dev.qmp.schema.SchemaType.Array;
import dev.qmp.schema.SchemaType.Builtin;
import dev.qmp.schema.SchemaType.Enumeration;
import dev.qmp.schema.SchemaType.ObjectType;
import dev.qmp.schema.SchemaType.Unknown;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One command's arguments held against one schema. Each step goes one level down in the JSON, so it ends however the types
 * recur; the two steps that stay on a level, an alternate within an alternate and a union within a union's branch, look at
 * each type once.
 */
final class ArgumentCheck {

    private static final BigInteger SMALLEST = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger LARGEST = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

    private final QmpSchema schema;
    private final FindingText say;
    private final List<SchemaFinding> findings = new ArrayList<>();
    private final Set<String> known = new HashSet<>();

    private ArgumentCheck(QmpSchema schema, String command) {
        this.schema = schema;
        this.say = new FindingText(schema, command);
    }

    static ArgumentCheck of(QmpSchema schema, String name, ObjectNode arguments) {
        ArgumentCheck check = new ArgumentCheck(schema, name);
        SchemaCommand command = schema.command(name).orElse(null);
        if (command == null) {
            check.findings.add(check.say.unknownCommand());
            return check;
        }
        check.features("", command, null);
        // A later schema may describe arguments in a way that is not known here: then QEMU is the one to judge them.
        if (schema.type(command.argumentType()) instanceof ObjectType type) {
            check.object("", type, arguments, OpenEnded.is(name));
        }
        return check;
    }

    /** What is to be said, in the order of the arguments. */
    List<SchemaFinding> findings() {
        return findings;
    }

    /** Whether something was given at that path, and is a member there. */
    boolean knows(String path) {
        return known.contains(path);
    }

    private void value(String path, SchemaType type, JsonNode value) {
        if (type instanceof Builtin builtin) {
            builtin(path, builtin, value);
        } else if (type instanceof Enumeration enumeration) {
            enumeration(path, enumeration, value);
        } else if (type instanceof Array array) {
            array(path, array, value);
        } else if (type instanceof ObjectType object) {
            if (value instanceof ObjectNode members) {
                object(path, object, members, false);
            } else {
                findings.add(say.wrongType(path, type, value));
            }
        } else if (type instanceof Alternate alternate) {
            alternate(path, alternate, value);
        }
    }

    private void builtin(String path, Builtin type, JsonNode value) {
        if (!hasKind(type, value)) {
            findings.add(say.wrongType(path, type, value));
        } else if (type.jsonType().equals("int")) {
            BigInteger number = value.bigIntegerValue();
            if (number.compareTo(SMALLEST) < 0 || number.compareTo(LARGEST) > 0) {
                findings.add(say.tooWide(path, value));
            }
        }
    }

    private void enumeration(String path, Enumeration type, JsonNode value) {
        if (!value.isTextual()) {
            findings.add(say.wrongType(path, type, value));
            return;
        }
        Enumeration.Value known = type.values().stream()
                .filter(v -> v.name().equals(value.textValue()))
                .findFirst()
                .orElse(null);
        if (known == null) {
            findings.add(say.unknownValue(path, type.names(), value.textValue()));
        } else {
            features(path, known, known.name());
        }
    }

    private void array(String path, Array type, JsonNode value) {
        if (!value.isArray()) {
            findings.add(say.wrongType(path, type, value));
            return;
        }
        SchemaType element = schema.type(type.element());
        for (int i = 0; i < value.size(); i++) {
            value(ArgumentProblems.join(path, Integer.toString(i)), element, value.get(i));
        }
    }

    private void alternate(String path, Alternate type, JsonNode value) {
        List<SchemaType> choices = new ArrayList<>();
        flatten(type, choices, new HashSet<>());
        if (choices.stream().anyMatch(Unknown.class::isInstance)) {
            return;
        }
        choices.stream()
                .filter(choice -> hasKind(choice, value))
                .findFirst()
                .ifPresentOrElse(
                        choice -> value(path, choice, value), () -> findings.add(say.noneOf(path, type, value)));
    }

    private void flatten(Alternate type, List<SchemaType> choices, Set<String> seen) {
        for (String name : type.types()) {
            SchemaType choice = schema.type(name);
            if (choice instanceof Alternate inner) {
                if (seen.add(name)) {
                    flatten(inner, choices, seen);
                }
            } else {
                choices.add(choice);
            }
        }
    }

    private void object(String path, ObjectType type, ObjectNode value, boolean openEnded) {
        UnionMembers members =
                UnionMembers.of(schema, type, tag -> value.path(tag.name()).textValue());
        if (!path.isEmpty()) {
            features(path, type, null);
        }
        Set<String> given = new HashSet<>();
        for (Map.Entry<String, JsonNode> one : value.properties()) {
            String name = one.getKey();
            String there = ArgumentProblems.join(path, name);
            SchemaMember member = members.member(name).orElse(null);
            given.add(name);
            if (member != null) {
                known.add(there);
                features(there, member, null);
                value(there, schema.type(member.type()), one.getValue());
            } else if (!openEnded && members.decided()) {
                findings.add(say.unknownArgument(path, name, type, members));
            }
        }
        List<SchemaMember> missing = new ArrayList<>(members.mandatoryBut(given));
        if (!missing.isEmpty()) {
            // The tag first: what else is missing depends on it.
            missing.sort(Comparator.comparing(member -> !type.tag().equals(Optional.of(member.name()))));
            findings.add(say.missing(path, missing));
        }
    }

    /** Warnings about a command, an argument or, where it is not null, the value of one. */
    private void features(String path, Featured thing, @Nullable String value) {
        if (thing.deprecated()) {
            findings.add(say.warning(Kind.DEPRECATED, path, value));
        }
        if (thing.unstable()) {
            findings.add(say.warning(Kind.UNSTABLE, path, value));
        }
    }

    /** Whether the value has the JSON kind that the type asks for; what the value then says is a question of its own. */
    private static boolean hasKind(SchemaType type, JsonNode value) {
        if (type instanceof Builtin builtin) {
            return switch (builtin.jsonType()) {
                case "string" -> value.isTextual();
                case "int" -> value.isIntegralNumber();
                case "number" -> value.isNumber();
                case "boolean" -> value.isBoolean();
                case "null" -> value.isNull();
                default -> true;
            };
        }
        return type instanceof Enumeration
                ? value.isTextual()
                : type instanceof Array ? value.isArray() : value.isObject();
    }
}
