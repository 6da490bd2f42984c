package dev.qmp.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.schema.SchemaType.Builtin;
import dev.qmp.schema.SchemaType.ObjectType;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The members that an object has once the tag of its union, and of the unions within its branches, is known. */
final class UnionMembers {

    private final QmpSchema schema;
    private final Map<String, SchemaMember> members = new LinkedHashMap<>();
    /** The tags and their values that chose the branches, such as {@code driver=qcow2}. */
    private final Map<String, String> choices = new LinkedHashMap<>();

    private UnionMembers(QmpSchema schema) {
        this.schema = schema;
    }

    static UnionMembers of(
            QmpSchema schema, ArgumentProblems problems, String path, ObjectType type, List<Given> given) {
        UnionMembers result = new UnionMembers(schema);
        Set<String> seen = new HashSet<>();
        Optional<ObjectType> branch = Optional.of(type);
        // A union's branch may be a union itself (QAPI since QEMU 8.1). A branch met twice is an attacker's circle.
        while (branch.isPresent() && seen.add(branch.get().name())) {
            branch = result.add(problems, path, branch.get(), given);
        }
        return result;
    }

    /** Adds the members of one type; the branch that its tag chooses, where it has one and the tag is given. */
    private Optional<ObjectType> add(ArgumentProblems problems, String path, ObjectType type, List<Given> given) {
        type.members().forEach(member -> members.put(member.name(), member));
        SchemaMember tag = type.tag().map(members::get).orElse(null);
        if (tag == null) {
            return Optional.empty();
        }
        String tagPath = ArgumentProblems.join(path, tag.name());
        List<Given> values =
                given.stream().filter(one -> one.rest().equals(tag.name())).toList();
        if (values.isEmpty()) {
            if (tag.optional()) {
                return Optional.empty();
            }
            throw problems.missing(path, List.of(tag));
        }
        JsonNode value = values.get(0).value() instanceof Given.Json json
                ? json.json()
                : ScalarArgument.of(
                        tagPath,
                        schema.type(tag.type()),
                        ((Given.Text) values.get(0).value()).text());
        // A tag in JSON is checked as one in words is: without it the branch is unknown.
        ScalarArgument.of(tagPath, schema.type(tag.type()), value.asText());
        choices.put(tag.name(), value.asText());
        String variant = type.variants().get(value.asText());
        return variant != null && schema.type(variant) instanceof ObjectType branch
                ? Optional.of(branch)
                : Optional.empty();
    }

    boolean has(String name) {
        return members.containsKey(name);
    }

    /** The type of a member; "any" for one that only an open-ended command has. */
    SchemaType typeOf(String name) {
        SchemaMember member = members.get(name);
        return member == null ? new Builtin("any", "value") : schema.type(member.type());
    }

    List<SchemaMember> mandatoryBut(Collection<String> given) {
        return members.values().stream()
                .filter(member -> !member.optional() && !given.contains(member.name()))
                .toList();
    }

    Set<String> names() {
        return members.keySet();
    }

    boolean isMandatory(String name) {
        SchemaMember member = members.get(name);
        return member != null && !member.optional();
    }

    Map<String, String> choices() {
        return choices;
    }
}
