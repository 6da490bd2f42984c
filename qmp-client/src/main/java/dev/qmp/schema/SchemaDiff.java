package dev.qmp.schema;

import dev.qmp.schema.SchemaChange.Kind;
import dev.qmp.schema.SchemaChange.Subject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What one QEMU has and another one has not, to the bottom of arguments, replies and events. */
public final class SchemaDiff {

    private SchemaDiff() {}

    /**
     * Every difference, commands before events, by name. The numbers that stand for types differ from build to build and are
     * no differences. An object that lies within itself, or several times in one command, is compared where it is met
     * first.
     */
    public static List<SchemaChange> between(QmpSchema from, QmpSchema to) {
        List<SchemaChange> changes = new ArrayList<>();
        Set<String> commands = new TreeSet<>();
        from.commands().forEach(command -> commands.add(command.name()));
        to.commands().forEach(command -> commands.add(command.name()));
        commands.forEach(name -> command(changes, from, to, name));
        Set<String> events = new TreeSet<>();
        from.events().forEach(event -> events.add(event.name()));
        to.events().forEach(event -> events.add(event.name()));
        events.forEach(name -> event(changes, from, to, name));
        return List.copyOf(changes);
    }

    private static void command(List<SchemaChange> changes, QmpSchema from, QmpSchema to, String name) {
        SchemaCommand before = from.command(name).orElse(null);
        SchemaCommand after = to.command(name).orElse(null);
        if (before == null || after == null) {
            changes.add(new SchemaChange(after == null ? Kind.REMOVED : Kind.ADDED, Subject.COMMAND, name, null, null));
            return;
        }
        TypeDiff arguments = new TypeDiff(changes, from, to, Subject.ARGUMENT);
        arguments.features(name, "", features(before), features(after));
        arguments.types(name, before.argumentType(), after.argumentType());
        new TypeDiff(changes, from, to, Subject.REPLY)
                .types(name + "." + PlaceFinder.REPLY, before.returnType(), after.returnType());
    }

    private static void event(List<SchemaChange> changes, QmpSchema from, QmpSchema to, String name) {
        SchemaEvent before = from.event(name).orElse(null);
        SchemaEvent after = to.event(name).orElse(null);
        if (before == null || after == null) {
            changes.add(new SchemaChange(after == null ? Kind.REMOVED : Kind.ADDED, Subject.EVENT, name, null, null));
            return;
        }
        TypeDiff data = new TypeDiff(changes, from, to, Subject.DATA);
        data.features(name, "", before.features(), after.features());
        data.types(name, before.dataType(), after.dataType());
    }

    /** What QAPI has as members of their own are features as well to who asks what a command can do. */
    private static Set<String> features(SchemaCommand command) {
        Set<String> features = new HashSet<>(command.features());
        if (command.allowOob()) {
            features.add("allow-oob");
        }
        if (!command.successResponse()) {
            features.add("no-success-response");
        }
        return features;
    }
}
