package dev.qmp.generator;

import dev.qmp.generator.Model.AlternateDef;
import dev.qmp.generator.Model.CommandDef;
import dev.qmp.generator.Model.EnumDef;
import dev.qmp.generator.Model.EventDef;
import dev.qmp.generator.Model.Marks;
import dev.qmp.generator.Model.TypeDef;
import dev.qmp.generator.Model.ValueDef;
import dev.qmp.generator.Schema.Alternate;
import dev.qmp.generator.Schema.Array;
import dev.qmp.generator.Schema.Builtin;
import dev.qmp.generator.Schema.Command;
import dev.qmp.generator.Schema.Entry;
import dev.qmp.generator.Schema.Enumeration;
import dev.qmp.generator.Schema.Event;
import dev.qmp.generator.Schema.ObjectType;
import dev.qmp.generator.Schema.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Lays schemas whose types have public names over each other. */
final class Merger {

    /** A schema, newest first, with its names. */
    record Named(Schema schema, Map<String, String> names) {

        String publicName(String masked) {
            return Objects.requireNonNull(names.get(masked));
        }
    }

    /** Something that a schema has. */
    record Found<E>(Named in, E entry) {}

    private final List<Named> schemas;
    private final Names table;
    private final MemberMerger members;

    private Merger(List<Named> schemas, Names table) {
        this.schemas = schemas;
        this.table = table;
        this.members = new MemberMerger(this);
    }

    /** @param schemas newest first: the newest one's order and marks count */
    static Model merge(List<Named> schemas, Names table) {
        return new Merger(schemas, table).model();
    }

    private Model model() {
        SortedMap<String, CommandDef> commands = new TreeMap<>();
        collect(Command.class, Entry::name).forEach((name, found) -> commands.put(name, command(name, found)));
        SortedMap<String, EventDef> events = new TreeMap<>();
        collect(Event.class, Entry::name).forEach((name, found) -> events.put(name, event(name, found)));
        SortedMap<String, TypeDef> types = new TreeMap<>();
        Map<String, List<Found<Entry>>> named = new TreeMap<>();
        for (Named schema : schemas) {
            schema.names()
                    .forEach((masked, name) -> named.computeIfAbsent(name, n -> new ArrayList<>())
                            .add(new Found<>(schema, schema.schema().type(masked))));
        }
        named.forEach((name, found) -> types.put(name, type(name, found)));
        return new Model(commands, events, types);
    }

    private <E extends Entry> Map<String, List<Found<E>>> collect(Class<E> kind, Function<E, String> name) {
        Map<String, List<Found<E>>> found = new TreeMap<>();
        for (Named schema : schemas) {
            for (Entry entry : schema.schema().entries().values()) {
                if (kind.isInstance(entry)) {
                    E one = kind.cast(entry);
                    found.computeIfAbsent(name.apply(one), n -> new ArrayList<>())
                            .add(new Found<>(schema, one));
                }
            }
        }
        return found;
    }

    private CommandDef command(String name, List<Found<Command>> found) {
        List<Found<ObjectType>> arguments = found.stream()
                .map(f -> new Found<>(
                        f.in(), (ObjectType) f.in().schema().type(f.entry().arguments())))
                .toList();
        Optional<String> union = arguments.stream()
                .filter(f -> f.entry().tag().isPresent())
                .map(f -> f.in().names().get(f.entry().name()))
                .findFirst();
        TypeRef result = found.stream()
                .map(f -> reference(name + ":return", f.in(), f.entry().result()))
                .reduce((newer, older) -> common(name + ":return", newer, older))
                .orElseThrow();
        return new CommandDef(
                name,
                union.isPresent() ? List.of() : members.merge(owner(name, arguments), arguments),
                union,
                Optional.ofNullable(arguments
                        .get(0)
                        .in()
                        .names()
                        .get(arguments.get(0).entry().name())),
                result,
                found.stream().allMatch(f -> f.entry().outOfBand()),
                marks(found, Command::features));
    }

    private EventDef event(String name, List<Found<Event>> found) {
        List<Found<ObjectType>> data = found.stream()
                .map(f -> new Found<>(
                        f.in(), (ObjectType) f.in().schema().type(f.entry().arguments())))
                .toList();
        return new EventDef(name, members.merge(owner(name, data), data), marks(found, Event::features));
    }

    /** Where arguments are a type with a name, the facts about their members stand under the type's name. */
    private static String owner(String name, List<Found<ObjectType>> objects) {
        String type = objects.get(0).in().names().get(objects.get(0).entry().name());
        return type == null ? name : type;
    }

    private TypeDef type(String name, List<Found<Entry>> found) {
        Entry newest = found.get(0).entry();
        if (newest instanceof Enumeration) {
            return enumeration(name, only(Enumeration.class, name, found));
        }
        if (newest instanceof Alternate) {
            return alternate(name, only(Alternate.class, name, found));
        }
        return members.object(name, only(ObjectType.class, name, found));
    }

    private static <E extends Entry> List<Found<E>> only(Class<E> kind, String name, List<Found<Entry>> found) {
        List<Found<E>> all = new ArrayList<>();
        for (Found<Entry> one : found) {
            if (!kind.isInstance(one.entry())) {
                throw new IllegalStateException(name + " is of one kind in "
                        + found.get(0).in().schema().version() + " and of another in "
                        + one.in().schema().version());
            }
            all.add(new Found<>(one.in(), kind.cast(one.entry())));
        }
        return all;
    }

    private static EnumDef enumeration(String name, List<Found<Enumeration>> found) {
        Map<String, List<Found<Value>>> values = new LinkedHashMap<>();
        for (Found<Enumeration> one : found) {
            for (Value value : one.entry().values()) {
                values.computeIfAbsent(value.name(), v -> new ArrayList<>()).add(new Found<>(one.in(), value));
            }
        }
        return new EnumDef(
                name,
                values.entrySet().stream()
                        .map(e -> new ValueDef(e.getKey(), marks(e.getValue(), Value::features)))
                        .toList(),
                marks(found, e -> Set.of()));
    }

    private AlternateDef alternate(String name, List<Found<Alternate>> found) {
        Map<String, TypeRef> alternatives = new LinkedHashMap<>();
        for (Found<Alternate> one : found) {
            for (String type : one.entry().types()) {
                String kind = Namer.kind(one.in().schema(), type);
                String where = name + "|" + kind;
                alternatives.merge(
                        table.alternative(where).orElse("of-" + kind),
                        reference(where, one.in(), type),
                        (newer, older) -> common(where, newer, older));
            }
        }
        return new AlternateDef(name, alternatives, marks(found, e -> Set.of()));
    }

    TypeRef reference(String where, Named in, String type) {
        Entry entry = in.schema().type(type);
        if (entry instanceof Array array) {
            return new TypeRef.ListOf(reference(where, in, array.element()));
        }
        if (entry instanceof Builtin builtin) {
            return scalar(where, builtin.jsonType());
        }
        return Namer.isEmpty(entry) ? TypeRef.Scalar.EMPTY : new TypeRef.Named(in.publicName(type));
    }

    private TypeRef scalar(String where, String jsonType) {
        return switch (jsonType) {
            case "string" -> TypeRef.Scalar.STRING;
            case "int" -> table.unsigned(where) ? TypeRef.Scalar.UINT64 : TypeRef.Scalar.INT64;
            case "number" -> TypeRef.Scalar.NUMBER;
            case "boolean" -> TypeRef.Scalar.BOOLEAN;
            case "null" -> TypeRef.Scalar.NULL;
            case "value" -> TypeRef.Scalar.ANY;
            default -> throw new IllegalStateException("a JSON type that the generator does not know: " + jsonType);
        };
    }

    /** The type that can hold what both QEMUs mean. */
    TypeRef common(String where, TypeRef newer, TypeRef older) {
        if (newer.equals(older)) {
            return newer;
        }
        for (TypeRef wide : List.of(newer, older)) {
            TypeRef narrow = wide == newer ? older : newer;
            if (holds(wide, narrow)) {
                return wide;
            }
        }
        throw new IllegalStateException(where + " is " + newer + " in one QEMU and " + older + " in another");
    }

    /** An enumeration holds any string, an alternate its alternatives, a struct one that has some of its members. */
    private boolean holds(TypeRef wide, TypeRef narrow) {
        if (wide instanceof TypeRef.ListOf wideList && narrow instanceof TypeRef.ListOf narrowList) {
            return holds(wideList.element(), narrowList.element());
        }
        if (!(wide instanceof TypeRef.Named named)) {
            return wide == TypeRef.Scalar.NUMBER && narrow == TypeRef.Scalar.INT64;
        }
        Found<Entry> type = find(named.name());
        if (type.entry() instanceof Enumeration) {
            return narrow == TypeRef.Scalar.STRING;
        }
        if (type.entry() instanceof Alternate alternate) {
            return alternate.types().stream()
                    .map(one -> reference(named.name(), type.in(), one))
                    .anyMatch(narrow::equals);
        }
        return narrow instanceof TypeRef.Named part && members.hold(type, find(part.name()));
    }

    private Found<Entry> find(String name) {
        for (Named schema : schemas) {
            for (Map.Entry<String, String> one : schema.names().entrySet()) {
                if (one.getValue().equals(name)) {
                    return new Found<>(schema, schema.schema().type(one.getKey()));
                }
            }
        }
        throw new IllegalStateException("no schema has " + name);
    }

    /** The newest QEMU that has a thing says what will become of it. */
    static <E> Marks marks(List<Found<E>> found, Function<E, Collection<String>> features) {
        Presence presence = Presence.of(found.stream().map(f -> f.in().schema()).toList());
        Collection<String> newest = features.apply(found.get(0).entry());
        Optional<QemuVersion> deprecated = newest.contains("deprecated")
                ? found.stream()
                        .filter(f -> features.apply(f.entry()).contains("deprecated"))
                        .map(f -> QemuVersion.of(f.in().schema().version()))
                        .min(QemuVersion::compareTo)
                : Optional.empty();
        return new Marks(presence, deprecated, newest.contains("unstable"));
    }
}
