package dev.qmp.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.schema.SchemaType.Enumeration;
import dev.qmp.schema.SchemaType.ObjectType;
import dev.qmp.schema.SchemaType.Unknown;
import dev.qmp.wire.QemuVersion;
import dev.qmp.wire.WireLimits;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one running QEMU offers, by its own word: the {@code return} of {@code query-qmp-schema} as an immutable value.
 *
 * <p>This is how a feature is found out: it is there if the schema has it, whatever the version number says. What the
 * schema cannot say: the arguments of {@code device_add} beyond {@code driver}, {@code bus} and {@code id}, which are the
 * properties of the device (seen on 7.2 to 11.1); the width of an integer; a default value.
 */
public final class QmpSchema {

    private final SchemaEntries entries;
    private final Map<String, SchemaCommand> commands = new ConcurrentHashMap<>();
    private final Map<String, SchemaEvent> events = new ConcurrentHashMap<>();
    private final Map<String, SchemaType> types = new ConcurrentHashMap<>();
    private final @Nullable QemuVersion version;

    private QmpSchema(SchemaEntries entries, @Nullable QemuVersion version) {
        this.entries = entries;
        this.version = version;
    }

    /**
     * Reads the {@code return} of {@code query-qmp-schema}, which must not be changed afterwards. Members and kinds of type
     * that are not known here are passed over, an entry that is none of QMP's is as well.
     *
     * @throws dev.qmp.error.UnexpectedValueException where {@code result} is no array
     */
    public static QmpSchema of(JsonNode result) {
        return new QmpSchema(SchemaEntries.of(result), null);
    }

    /** {@link #of(JsonNode)}, and whose schema it is. */
    public static QmpSchema of(JsonNode result, QemuVersion version) {
        return new QmpSchema(SchemaEntries.of(result), version);
    }

    /**
     * Reads what {@link #toLines} gave. Much faster than {@link #of(JsonNode)}, because an entry is parsed when it is asked
     * for; one that cannot be parsed then is one of a kind that is not known.
     *
     * @param limits what one entry may be made of
     * @throws IllegalArgumentException where a line is none of its lines
     */
    public static QmpSchema ofLines(String lines, WireLimits limits, QemuVersion version) {
        return new QmpSchema(SchemaEntries.ofLines(lines, limits), version);
    }

    /** The schema as text, a line for each entry; empty for one with names that no QEMU gives. */
    public Optional<String> toLines() {
        return entries.lines();
    }

    /** The version of the QEMU whose schema it is, where that is known: the schema itself does not say. */
    public Optional<QemuVersion> version() {
        return Optional.ofNullable(version);
    }

    /** All commands, by name. */
    public List<SchemaCommand> commands() {
        return entries.commands().keySet().stream()
                .map(this::command)
                .flatMap(Optional::stream)
                .toList();
    }

    public Optional<SchemaCommand> command(String name) {
        return Optional.ofNullable(commands.computeIfAbsent(name, key -> {
            Supplier<JsonNode> entry = entries.commands().get(key);
            return entry == null ? null : SchemaReader.command(key, entry.get());
        }));
    }

    public boolean hasCommand(String name) {
        return entries.commands().containsKey(name);
    }

    /** All events, by name. */
    public List<SchemaEvent> events() {
        return entries.events().keySet().stream()
                .map(this::event)
                .flatMap(Optional::stream)
                .toList();
    }

    public Optional<SchemaEvent> event(String name) {
        return Optional.ofNullable(events.computeIfAbsent(name, key -> {
            Supplier<JsonNode> entry = entries.events().get(key);
            return entry == null ? null : SchemaReader.event(key, entry.get());
        }));
    }

    /** The type of that name: {@link Unknown} where the schema does not define it. */
    public SchemaType type(String name) {
        Supplier<JsonNode> entry = entries.types().get(name);
        return entry == null
                ? new Unknown(name, "")
                : types.computeIfAbsent(name, key -> SchemaReader.type(key, entry.get()));
    }

    public boolean hasEvent(String name) {
        return entries.events().containsKey(name);
    }

    /** The members that the command's arguments always have, in QEMU's order; empty for an unknown command. */
    public List<SchemaMember> arguments(String command) {
        return command(command)
                .map(c -> type(c.argumentType()) instanceof ObjectType object ? object.members() : null)
                .orElse(List.of());
    }

    /**
     * Whether the command takes an argument, which may lie deep: {@code blockdev-add} has {@code file.locking}, because one
     * branch of its union has {@code file} and one branch of that has {@code locking}. An array stands for its elements:
     * {@code transaction} has {@code actions.data.snapshot-file}.
     *
     * @param path members' names, with dots between them
     */
    public boolean hasArgument(String command, String path) {
        return !argumentMembers(command, path).isEmpty();
    }

    /** The same question for a value of an argument that is an enumeration, or has one among its alternatives. */
    public boolean hasArgumentValue(String command, String path, String value) {
        return argumentMembers(command, path).stream()
                .anyMatch(member -> new SchemaWalk(this).hasValue(member.type(), value));
    }

    /**
     * The members that a dotted path leads to, which are several where branches of a union share a name; empty where the
     * command or the argument does not exist. The path is read as in {@link #hasArgument}.
     */
    public List<SchemaMember> argumentMembers(String command, String path) {
        return command(command)
                .map(c -> new SchemaWalk(this).members(c.argumentType(), path))
                .orElse(List.of());
    }

    /** {@link #argumentMembers} of what the command returns: {@code query-block-jobs} has {@code paused}. */
    public List<SchemaMember> replyMembers(String command, String path) {
        return command(command)
                .map(c -> new SchemaWalk(this).members(c.returnType(), path))
                .orElse(List.of());
    }

    /** {@link #argumentMembers} of what the event carries. */
    public List<SchemaMember> eventMembers(String event, String path) {
        return event(event)
                .map(e -> new SchemaWalk(this).members(e.dataType(), path))
                .orElse(List.of());
    }

    /**
     * One place, by a name as a person writes it: a command or an event; a dot and an argument, or a member of an event's data;
     * {@code .reply} after a command; and so on into the objects that are there. A value of a union's tag chooses its branch,
     * {@code blockdev-add.qcow2} or {@code blockdev-add.driver=qcow2}, where no member has that name.
     *
     * @throws ArgumentException where there is no such place; its hint has the nearest names
     */
    public SchemaPlace place(String name) {
        return new PlaceFinder(this).find(name);
    }

    /** Commands whose names look like {@code name}, the likeliest first; at most three, often none. */
    public List<String> commandsLike(String name) {
        return NearestNames.close(name, entries.commands().keySet());
    }

    /** Events whose names look like {@code name}, the likeliest first; at most three, often none. */
    public List<String> eventsLike(String name) {
        return NearestNames.close(name, entries.events().keySet());
    }

    /**
     * The texts that a value of the type may be, alone or as an element of an array; none where it may be any or is no text.
     */
    public List<Enumeration.Value> valuesOf(String typeName) {
        return new PlaceFinder(this).values(typeName);
    }

    /**
     * A type in words, for people: {@code string}, {@code integer}, {@code array of string}, {@code report|ignore|stop},
     * {@code object or string}.
     */
    public String describe(String typeName) {
        return new TypeText(this).describe(typeName);
    }

    /** {@link #describe} with {@code enum} for any set of texts: {@code array of enum}. */
    public String describeKind(String typeName) {
        return new TypeText(this).kind(typeName);
    }

    @Override
    public String toString() {
        return "a schema of " + entries.commands().size() + " commands and "
                + entries.events().size() + " events";
    }
}
