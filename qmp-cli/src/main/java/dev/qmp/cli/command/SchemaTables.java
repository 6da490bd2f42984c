package dev.qmp.cli.command;

import dev.qmp.cli.render.Table;
import dev.qmp.schema.Featured;
import dev.qmp.schema.QmpSchema;
import dev.qmp.schema.SchemaChange;
import dev.qmp.schema.SchemaCommand;
import dev.qmp.schema.SchemaEvent;
import dev.qmp.schema.SchemaMember;
import dev.qmp.schema.SchemaPlace;
import dev.qmp.schema.SchemaPlace.Branch;
import dev.qmp.schema.SchemaPlace.Kind;
import dev.qmp.wire.QemuVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Schemas as facts and tables. */
final class SchemaTables {

    private static final String NOTHING = "-";
    private static final int MOST_MEMBERS = 6;

    private SchemaTables() {}

    static Map<String, String> counts(QmpSchema schema) {
        Map<String, String> facts = new LinkedHashMap<>();
        schema.version().ifPresent(version -> facts.put("version", version.toString()));
        schema.version()
                .map(QemuVersion::packageVersion)
                .filter(name -> !name.isEmpty())
                .ifPresent(name -> facts.put("package", name));
        facts.put("commands", Integer.toString(schema.commands().size()));
        facts.put("events", Integer.toString(schema.events().size()));
        facts.put(
                "deprecated",
                Long.toString(
                        SchemaDocuments.all(schema).filter(Featured::deprecated).count()));
        facts.put(
                "unstable",
                Long.toString(
                        SchemaDocuments.all(schema).filter(Featured::unstable).count()));
        return facts;
    }

    static Table overview(QmpSchema schema) {
        Table table = new Table("KIND", "NAME", "FEATURES");
        schema.commands().forEach(command -> table.row("command", command.name(), features(command)));
        for (SchemaEvent event : schema.events()) {
            table.row("event", event.name(), features(event));
        }
        return table;
    }

    static Map<String, String> facts(QmpSchema schema, SchemaPlace place) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(Documents.lower(place.kind()), place.name());
        if (place.kind() == Kind.MEMBER || place.kind() == Kind.REPLY) {
            facts.put("type", schema.describe(place.type()));
        }
        if (place.kind() == Kind.MEMBER) {
            facts.put("presence", presence(place.optional()));
        }
        facts.put("features", features(place));
        schema.command(place.name())
                .ifPresent(command -> facts.put("reply", reply(schema, schema.place(command.name() + ".reply"))));
        place.tag().ifPresent(tag -> facts.put("branches by", tag));
        return facts;
    }

    private static String reply(QmpSchema schema, SchemaPlace reply) {
        boolean nothing =
                reply.members().isEmpty() && schema.describe(reply.type()).equals("object");
        return nothing ? "nothing" : schema.describe(reply.type());
    }

    static Table contents(QmpSchema schema, SchemaPlace place) {
        Table table = new Table("", "NAME", "TYPE", "PRESENCE", "FEATURES");
        String role = switch (place.kind()) {
            case COMMAND -> "argument";
            case EVENT -> "data";
            case MEMBER, BRANCH, REPLY -> "member";
        };
        place.members().forEach(member -> member(table, schema, role, member));
        if (place.members().isEmpty()) {
            place.values().forEach(value -> table.row("value", value.name(), NOTHING, NOTHING, features(value)));
        }
        for (Branch branch : place.branches()) {
            table.row("branch", branch.value(), members(branch), NOTHING, features(branch));
        }
        if (place.kind() == Kind.COMMAND) {
            schema.place(place.name() + ".reply").members().forEach(member -> member(table, schema, "reply", member));
        }
        return table;
    }

    private static void member(Table table, QmpSchema schema, String role, SchemaMember member) {
        table.row(role, member.name(), schema.describe(member.type()), presence(member.optional()), features(member));
    }

    /** The names alone: their types are shown when the branch is. */
    private static String members(Branch branch) {
        if (branch.members().isEmpty()) {
            return NOTHING;
        }
        String first = branch.members().stream()
                .limit(MOST_MEMBERS)
                .map(SchemaMember::name)
                .collect(Collectors.joining(", "));
        return branch.members().size() <= MOST_MEMBERS
                ? first
                : first + ", … (" + branch.members().size() + " in all)";
    }

    static Table changes(List<SchemaChange> changes) {
        Table table = new Table("CHANGE", "WHAT", "NAME", "FROM", "TO");
        for (SchemaChange change : changes) {
            table.row(
                    Documents.lower(change.kind()),
                    Documents.lower(change.subject()),
                    change.name(),
                    Objects.requireNonNullElse(change.from(), NOTHING),
                    Objects.requireNonNullElse(change.to(), NOTHING));
        }
        return table;
    }

    static String whose(String name, QmpSchema schema) {
        return name + schema.version().map(version -> " (QEMU " + version + ")").orElse("");
    }

    private static String presence(boolean optional) {
        return optional ? "optional" : "mandatory";
    }

    private static String features(Featured thing) {
        List<String> features = thing.features().stream().sorted().collect(Collectors.toList());
        if (thing instanceof SchemaCommand command && command.allowOob()) {
            features.add("allow-oob");
        }
        return features.isEmpty() ? NOTHING : String.join(", ", features);
    }
}
