package dev.qmp.cli.command;

import dev.qmp.QmpClient;
import dev.qmp.cli.render.Table;
import dev.qmp.schema.QmpSchema;
import dev.qmp.schema.SchemaChange;
import dev.qmp.schema.SchemaDiff;
import dev.qmp.schema.SchemaPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "schema",
        description = "What this QEMU offers: commands, events, arguments, deprecations.",
        footer = {
            "",
            "NAME is a command or an event, and after a dot what lies within it:",
            "  block-stream                 a command: its arguments, its reply",
            "  block-stream.on-error        one argument: its type, its values",
            "  blockdev-add.qcow2           a union with one branch chosen (also blockdev-add.driver=qcow2)",
            "  blockdev-add.qcow2.file      and so on",
            "  query-block.reply.inserted   within a reply",
            "",
            "Of --diff, \"added\" is what the other one has and TARGET has not. A FILE is made by",
            "  qmp exec TARGET query-qmp-schema -o json > FILE"
        })
final class ShowSchemaCommand extends TargetCommand {

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "one command or event, or a part of it")
    private @Nullable String name;

    @Option(
            names = "--diff",
            paramLabel = "FILE|TARGET",
            description = "how the schema of another QEMU, or one that was saved, differs from this one's")
    private @Nullable String other;

    @Override
    int run(QmpClient client) throws Exception {
        QmpSchema schema = await(client.schema());
        if (other != null) {
            // A monitor serves one client: the other QEMU may be this one.
            await(client.closeAsync());
            diff(schema, other);
        } else if (name != null) {
            show(schema, name);
        } else {
            overview(schema);
        }
        return Failure.DONE;
    }

    private void overview(QmpSchema schema) {
        if (json()) {
            print(SchemaDocuments.overview(schema));
            return;
        }
        SchemaTables.counts(schema).forEach(console()::fact);
        table(SchemaTables.overview(schema));
    }

    private void show(QmpSchema schema, String name) {
        SchemaPlace place = schema.place(name);
        if (json()) {
            print(SchemaDocuments.place(schema, place));
            return;
        }
        SchemaTables.facts(schema, place).forEach(console()::fact);
        table(SchemaTables.contents(schema, place));
        if (!place.branches().isEmpty()) {
            note("hint: one branch: qmp schema " + target + " " + place.name() + "."
                    + place.branches().get(0).value());
        }
    }

    private void diff(QmpSchema schema, String other) throws IOException, InterruptedException {
        QmpSchema second = second(other);
        List<SchemaChange> changes = SchemaDiff.between(schema, second).stream()
                .filter(change -> name == null || within(change.name(), name))
                .toList();
        if (changes.isEmpty() && name != null) {
            // A name that neither of them has is a mistake, and not the absence of differences.
            if (!has(second, name)) {
                schema.place(name);
            }
        }
        if (json()) {
            print(SchemaDocuments.diff(target, schema, other, second, changes));
            return;
        }
        console().fact("from", SchemaTables.whose(target, schema));
        console().fact("to", SchemaTables.whose(other, second));
        table(SchemaTables.changes(changes));
        if (changes.isEmpty()) {
            note("no differences");
        }
    }

    private QmpSchema second(String other) throws IOException, InterruptedException {
        Path file = context().workingFolder().resolve(other);
        if (Files.isRegularFile(file)) {
            return SavedSchema.read(file);
        }
        if (other.contains("/") && !Targets.isAddress(other) && !Files.exists(file)) {
            throw new UsageException(
                    "--diff: there is no file or socket " + other, "check the spelling, or name a QEMU of this host");
        }
        try (Connection connection = Connection.open(root(), other)) {
            return await(connection.client().schema());
        }
    }

    private static boolean within(String changed, String name) {
        return changed.equals(name) || changed.startsWith(name + ".");
    }

    private static boolean has(QmpSchema schema, String name) {
        try {
            schema.place(name);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void table(Table table) {
        if (console().outTerminal() && !table.isEmpty()) {
            console().out("");
        }
        if (!table.isEmpty()) {
            console().table(table);
        }
    }
}
