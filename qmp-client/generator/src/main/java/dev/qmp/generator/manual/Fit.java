package dev.qmp.generator.manual;

import dev.qmp.generator.Schema;
import dev.qmp.generator.manual.Definition.Kind;
import dev.qmp.generator.manual.Definition.Member;
import dev.qmp.generator.manual.Definition.TypeWord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares what the schema says of a type with what the manual says.
 *
 * @param complaints what cannot be if both speak of the same type
 * @param absent what the manual alone has: this QEMU was built without it
 */
record Fit(List<String> complaints, Set<String> absent) {

    /** The types that are no definitions. The manual calls integers of all widths {@code int}. */
    private static final Set<String> BUILTINS = Set.of("string", "int", "number", "boolean", "null", "value");

    boolean isPossible() {
        return complaints.isEmpty();
    }

    boolean isExact() {
        return complaints.isEmpty() && absent.isEmpty();
    }

    static Fit of(Schema schema, Schema.Entry type, Manual manual, Definition definition) {
        Fit fit = new Fit(new ArrayList<>(), new TreeSet<>());
        if (type instanceof Schema.Enumeration enumeration) {
            fit.kind(definition, Kind.ENUM);
            fit.names(enumeration.values().stream().map(Schema.Value::name).toList(), definition.members());
        } else if (type instanceof Schema.Alternate alternate) {
            fit.kind(definition, Kind.ALTERNATE);
            if (alternate.types().size() != definition.members().size()) {
                fit.complaints.add("another number of alternatives");
            }
        } else if (type instanceof Schema.ObjectType object) {
            if (definition.kind() != Kind.COMMAND && definition.kind() != Kind.EVENT) {
                fit.kind(definition, Kind.OBJECT);
            }
            fit.object(schema, object, manual.content(definition));
        }
        return fit;
    }

    private void kind(Definition definition, Kind expected) {
        if (definition.kind() != expected) {
            complaints.add("the manual has it as " + definition.kind() + ", the schema as " + expected);
        }
    }

    private void names(List<String> inSchema, List<Member> inManual) {
        Set<String> unknown = new TreeSet<>(inSchema);
        inManual.forEach(member -> unknown.remove(member.name()));
        if (!unknown.isEmpty()) {
            complaints.add("the manual lacks " + unknown);
        }
        inManual.forEach(member -> absent.add(member.name()));
        inSchema.forEach(absent::remove);
    }

    private void object(Schema schema, Schema.ObjectType object, Manual.Content content) {
        names(object.members().stream().map(Schema.Member::name).toList(), content.members());
        for (Schema.Member member : object.members()) {
            content.member(member.name()).ifPresent(described -> member(schema, member, described));
        }
        for (var variant : object.variants().entrySet()) {
            boolean empty = schema.type(variant.getValue()) instanceof Schema.ObjectType type
                    && type.members().isEmpty();
            if (!empty && content.branch(variant.getKey()).isEmpty()) {
                complaints.add("the manual lacks the branch " + variant.getKey());
            }
        }
    }

    private void member(Schema schema, Schema.Member member, Member described) {
        TypeWord word = described.type();
        if (member.optional() != described.optional()) {
            complaints.add(member.name() + " is optional in one of both");
        }
        if ((schema.type(member.type()) instanceof Schema.Array) != word.array()) {
            complaints.add(member.name() + " is an array in one of both");
        }
        boolean same = schema.elementType(member.type()) instanceof Schema.Builtin builtin
                ? builtin.jsonType().equals(jsonType(word.name()))
                : !isBuiltin(word.name());
        if (!same) {
            complaints.add(member.name() + " is " + word.name() + " in the manual");
        }
    }

    static boolean isBuiltin(String word) {
        return BUILTINS.contains(jsonType(word));
    }

    /** The same in QEMU's sources, which tell integers apart. */
    static String jsonType(String word) {
        return switch (word) {
            case "str" -> "string";
            case "bool" -> "boolean";
            case "any" -> "value";
            case "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "size" -> "int";
            default -> word;
        };
    }
}
