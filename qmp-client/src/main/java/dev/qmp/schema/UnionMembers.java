package dev.qmp.schema;

import dev.qmp.schema.SchemaType.Builtin;
import dev.qmp.schema.SchemaType.Enumeration;
import dev.qmp.schema.SchemaType.ObjectType;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The members that an object has once the tag of its union, and of the unions within its branches, is known. */
final class UnionMembers {

    private final QmpSchema schema;
    private final Map<String, SchemaMember> members = new LinkedHashMap<>();
    /** The tags and their values that chose the branches, such as {@code driver=qcow2}. */
    private final Map<String, String> choices = new LinkedHashMap<>();

    private boolean decided = true;

    private UnionMembers(QmpSchema schema) {
        this.schema = schema;
    }

    /**
     * Chooses branches as long as there are tags.
     *
     * @param tags gives the text that stands for a tag, null where there is none
     */
    static UnionMembers of(QmpSchema schema, ObjectType type, Function<SchemaMember, @Nullable String> tags) {
        UnionMembers result = new UnionMembers(schema);
        Set<String> seen = new HashSet<>();
        Optional<ObjectType> branch = Optional.of(type);
        // A union's branch may be a union itself (QAPI since QEMU 8.1). A branch met twice is an attacker's circle.
        while (branch.isPresent() && seen.add(branch.get().name())) {
            branch = result.add(branch.get(), tags);
        }
        return result;
    }

    /** Adds the members of one type; the branch that its tag chooses, where it has one and the tag is given. */
    private Optional<ObjectType> add(ObjectType type, Function<SchemaMember, @Nullable String> tags) {
        type.members().forEach(member -> members.put(member.name(), member));
        SchemaMember tag = type.tag().map(members::get).orElse(null);
        if (tag == null) {
            return Optional.empty();
        }
        String value = tags.apply(tag);
        if (value == null || (schema.type(tag.type()) instanceof Enumeration values && !values.has(value))) {
            decided = false;
            return Optional.empty();
        }
        choices.put(tag.name(), value);
        String variant = type.variants().get(value);
        return variant != null && schema.type(variant) instanceof ObjectType branch
                ? Optional.of(branch)
                : Optional.empty();
    }

    /** False where a tag is missing or says nothing that it can say: then nobody knows which other members there are. */
    boolean decided() {
        return decided;
    }

    Optional<SchemaMember> member(String name) {
        return Optional.ofNullable(members.get(name));
    }

    boolean has(String name) {
        return members.containsKey(name);
    }

    /** The type of a member; "any" for one that is not known. */
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
