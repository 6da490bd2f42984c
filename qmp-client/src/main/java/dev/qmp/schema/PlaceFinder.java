package dev.qmp.schema;

import dev.qmp.schema.SchemaPlace.Branch;
import dev.qmp.schema.SchemaPlace.Kind;
import dev.qmp.schema.SchemaType.Alternate;
import dev.qmp.schema.SchemaType.Array;
import dev.qmp.schema.SchemaType.Enumeration;
import dev.qmp.schema.SchemaType.ObjectType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * From a dotted name to its place. A part of the name is a member; else a value of the tag, alone or as {@code tag=value};
 * else a member that all branches which have it agree on.
 */
final class PlaceFinder {

    static final String REPLY = "reply";

    private final QmpSchema schema;

    PlaceFinder(QmpSchema schema) {
        this.schema = schema;
    }

    SchemaPlace find(String name) {
        String[] parts = name.split("\\.", -1);
        SchemaPlace place = root(parts[0]);
        for (int i = 1; i < parts.length; i++) {
            place = step(place, parts[i]);
        }
        return place;
    }

    private SchemaPlace root(String name) {
        SchemaCommand command = schema.command(name).orElse(null);
        if (command != null) {
            return place(name, Kind.COMMAND, command.argumentType(), false, command.features());
        }
        SchemaEvent event = schema.event(name).orElseThrow(() -> PlaceProblems.unknown(schema, name));
        return place(name, Kind.EVENT, event.dataType(), false, event.features());
    }

    private SchemaPlace step(SchemaPlace place, String part) {
        String name = place.name() + "." + part;
        SchemaMember member = named(place.members(), part).orElse(null);
        if (member == null && place.kind() == Kind.COMMAND && part.equals(REPLY)) {
            String type = schema.command(place.name()).orElseThrow().returnType();
            return place(name, Kind.REPLY, type, false, Set.of());
        }
        if (member == null) {
            String value = place.tag()
                    .map(tag -> part.startsWith(tag + "=") ? part.substring(tag.length() + 1) : part)
                    .orElse(part);
            Branch branch = place.branches().stream()
                    .filter(b -> b.value().equals(value))
                    .findFirst()
                    .orElse(null);
            if (branch != null) {
                return choose(place, name, branch);
            }
            member = common(place, part);
        }
        return place(name, Kind.MEMBER, member.type(), member.optional(), member.features());
    }

    /** A member of branches alone: one and the same wherever it is. */
    private SchemaMember common(SchemaPlace place, String part) {
        Map<String, SchemaMember> byType = new LinkedHashMap<>();
        List<String> having = new ArrayList<>();
        for (Branch branch : place.branches()) {
            named(branch.members(), part).ifPresent(member -> {
                byType.put(member.type(), member);
                having.add(branch.value());
            });
        }
        if (byType.isEmpty()) {
            throw PlaceProblems.nothing(schema, place, part);
        }
        if (byType.size() > 1) {
            throw PlaceProblems.manifold(place, part, having);
        }
        return byType.values().iterator().next();
    }

    /** The object with what the branch adds; the branch may be a union itself (QAPI since QEMU 8.1). */
    private SchemaPlace choose(SchemaPlace place, String name, Branch branch) {
        List<SchemaMember> members = new ArrayList<>(place.members());
        members.addAll(branch.members());
        Optional<ObjectType> type = object(place).flatMap(object -> variant(object, branch.value()));
        return new SchemaPlace(
                name,
                Kind.BRANCH,
                type.map(ObjectType::name).orElse(place.type()),
                false,
                branch.features(),
                members,
                type.flatMap(ObjectType::tag),
                type.map(this::branches).orElse(List.of()),
                List.of());
    }

    private SchemaPlace place(String name, Kind kind, String type, boolean optional, Set<String> features) {
        ObjectType object = first(type, ObjectType.class, new HashSet<>());
        return new SchemaPlace(
                name,
                kind,
                type,
                optional,
                features,
                object == null ? List.of() : object.members(),
                object == null ? Optional.empty() : object.tag(),
                object == null ? List.of() : branches(object),
                values(type));
    }

    List<Enumeration.Value> values(String type) {
        Enumeration values = first(type, Enumeration.class, new HashSet<>());
        return values == null ? List.of() : values.values();
    }

    private Optional<ObjectType> object(SchemaPlace place) {
        return Optional.ofNullable(first(place.type(), ObjectType.class, new HashSet<>()));
    }

    private List<Branch> branches(ObjectType object) {
        SchemaMember tag =
                object.tag().flatMap(name -> named(object.members(), name)).orElse(null);
        if (tag == null) {
            return List.of();
        }
        if (!(schema.type(tag.type()) instanceof Enumeration values)) {
            return List.of();
        }
        return values.values().stream()
                .map(value -> new Branch(
                        value.name(),
                        value.features(),
                        variant(object, value.name()).map(ObjectType::members).orElse(List.of())))
                .toList();
    }

    private Optional<ObjectType> variant(ObjectType object, String value) {
        String variant = object.variants().get(value);
        return variant != null && schema.type(variant) instanceof ObjectType branch
                ? Optional.of(branch)
                : Optional.empty();
    }

    /** The first type of that kind that a value can have without a further name. */
    private <T extends SchemaType> @Nullable T first(String name, Class<T> kind, Set<String> seen) {
        SchemaType type = schema.type(name);
        if (kind.isInstance(type)) {
            return kind.cast(type);
        }
        List<String> within = type instanceof Array array
                ? List.of(array.element())
                : type instanceof Alternate alternate ? alternate.types() : List.of();
        for (String inner : seen.add(name) ? within : List.<String>of()) {
            T found = first(inner, kind, seen);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static Optional<SchemaMember> named(List<SchemaMember> members, String name) {
        return members.stream().filter(member -> member.name().equals(name)).findFirst();
    }
}
