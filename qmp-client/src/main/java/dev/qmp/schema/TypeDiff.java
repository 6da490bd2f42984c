package dev.qmp.schema;

import dev.qmp.schema.SchemaChange.Kind;
import dev.qmp.schema.SchemaChange.Subject;
import dev.qmp.schema.SchemaType.Alternate;
import dev.qmp.schema.SchemaType.Array;
import dev.qmp.schema.SchemaType.Enumeration;
import dev.qmp.schema.SchemaType.ObjectType;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Two types of two schemas, compared by what they are made of. Each pair of objects is compared once, where it is met first, so the comparison ends;
 * a set of texts is compared wherever it is. */
final class TypeDiff {

    private static final String NONE = "";

    private final List<SchemaChange> changes;
    private final QmpSchema from;
    private final QmpSchema to;
    private final Subject member;
    private final Set<List<String>> compared = new HashSet<>();

    /**
     * A comparison that has compared nothing yet.
     *
     * @param changes where differences are added to
     * @param member what a member is here
     */
    TypeDiff(List<SchemaChange> changes, QmpSchema from, QmpSchema to, Subject member) {
        this.changes = changes;
        this.from = from;
        this.to = to;
        this.member = member;
    }

    void types(String name, String before, String after) {
        SchemaType one = from.type(before);
        SchemaType other = to.type(after);
        if (one instanceof Enumeration a && other instanceof Enumeration b) {
            values(name, a, b);
        } else if (!compared.add(List.of(before, after))) {
            return;
        } else if (one instanceof ObjectType a && other instanceof ObjectType b) {
            objects(name, a, b);
        } else if (one instanceof Array a && other instanceof Array b) {
            types(name, a.element(), b.element());
        } else if (one instanceof Alternate || other instanceof Alternate) {
            alternatives(name, one, other);
        } else {
            kinds(name, before, after);
        }
    }

    private void kinds(String name, String before, String after) {
        String one = from.describe(before);
        String other = to.describe(after);
        if (!one.equals(other)) {
            changes.add(new SchemaChange(Kind.CHANGED, Subject.TYPE, name, one, other));
        }
    }

    /** A plain type that became an alternate is the first of its alternatives. */
    private void alternatives(String name, SchemaType one, SchemaType other) {
        Map<String, String> before = byKind(from, one);
        Map<String, String> after = byKind(to, other);
        if (!before.keySet().equals(after.keySet())) {
            changes.add(new SchemaChange(
                    Kind.CHANGED, Subject.TYPE, name, from.describe(one.name()), to.describe(other.name())));
        }
        before.forEach((kind, type) -> {
            String same = after.get(kind);
            if (same != null) {
                types(name, type, same);
            }
        });
    }

    /** QAPI tells alternatives apart by their JSON kind, so there is one of each. */
    private static Map<String, String> byKind(QmpSchema schema, SchemaType type) {
        List<String> types = type instanceof Alternate alternate ? alternate.types() : List.of(type.name());
        Map<String, String> byKind = new LinkedHashMap<>();
        for (String name : types) {
            String kind = schema.describeKind(name);
            byKind.put(kind.startsWith("array of ") ? "array" : kind, name);
        }
        return byKind;
    }

    private void values(String name, Enumeration before, Enumeration after) {
        both(before.values(), after.values(), Enumeration.Value::name, (value, one, other) -> {
            if (one == null || other == null) {
                changes.add(edge(Subject.VALUE, name, value, other == null));
            } else {
                features(name, value + ": ", one.features(), other.features());
            }
        });
    }

    private void objects(String name, ObjectType before, ObjectType after) {
        features(name, NONE, before.features(), after.features());
        members(name, before.members(), after.members());
        Set<String> cases = new LinkedHashSet<>(before.variants().keySet());
        cases.addAll(after.variants().keySet());
        for (String value : cases) {
            // A value that only one of them has was told with the tag's other values.
            if (canBe(from, before, value) && canBe(to, after, value)) {
                branches(name + "." + value, branch(from, before, value), branch(to, after, value));
            }
        }
    }

    private void branches(String name, @Nullable ObjectType before, @Nullable ObjectType after) {
        if (before != null && after != null) {
            types(name, before.name(), after.name());
        } else {
            members(name, before == null ? List.of() : before.members(), after == null ? List.of() : after.members());
        }
    }

    private static boolean canBe(QmpSchema schema, ObjectType union, String value) {
        return union.variants().containsKey(value)
                || union.members().stream()
                        .anyMatch(member ->
                                union.tag().filter(member.name()::equals).isPresent()
                                        && schema.type(member.type()) instanceof Enumeration values
                                        && values.has(value));
    }

    private static @Nullable ObjectType branch(QmpSchema schema, ObjectType union, String value) {
        String type = union.variants().get(value);
        return type != null && schema.type(type) instanceof ObjectType object ? object : null;
    }

    private void members(String name, List<SchemaMember> before, List<SchemaMember> after) {
        both(before, after, SchemaMember::name, (part, one, other) -> {
            String place = name + "." + part;
            if (one == null || other == null) {
                changes.add(new SchemaChange(
                        other == null ? Kind.REMOVED : Kind.ADDED,
                        member,
                        place,
                        one == null ? null : from.describe(one.type()) + ", " + presence(one),
                        other == null ? null : to.describe(other.type()) + ", " + presence(other)));
                return;
            }
            if (one.optional() != other.optional()) {
                changes.add(new SchemaChange(Kind.CHANGED, Subject.PRESENCE, place, presence(one), presence(other)));
            }
            features(place, NONE, one.features(), other.features());
            types(place, one.type(), other.type());
        });
    }

    /** Differences of features; {@code value} is put before their names. */
    void features(String name, String value, Set<String> before, Set<String> after) {
        Set<String> all = new TreeSet<>(before);
        all.addAll(after);
        for (String feature : all) {
            if (!before.contains(feature) || !after.contains(feature)) {
                changes.add(edge(Subject.FEATURE, name, value + feature, !after.contains(feature)));
            }
        }
    }

    private static SchemaChange edge(Subject subject, String name, String what, boolean removed) {
        return removed
                ? new SchemaChange(Kind.REMOVED, subject, name, what, null)
                : new SchemaChange(Kind.ADDED, subject, name, null, what);
    }

    private static String presence(SchemaMember member) {
        return member.optional() ? "optional" : "mandatory";
    }

    @FunctionalInterface
    private interface Pair<T> {
        void take(String name, @Nullable T before, @Nullable T after);
    }

    private static <T> void both(List<T> before, List<T> after, Function<T, String> name, Pair<T> pair) {
        Map<String, T> one = new LinkedHashMap<>();
        before.forEach(each -> one.put(name.apply(each), each));
        Map<String, T> other = new LinkedHashMap<>();
        after.forEach(each -> other.put(name.apply(each), each));
        Set<String> names = new LinkedHashSet<>(one.keySet());
        names.addAll(other.keySet());
        names.forEach(each -> pair.take(each, one.get(each), other.get(each)));
    }
}
