package dev.qmp.qapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.fixtures.recorded.Samples;
import dev.qmp.fixtures.recorded.Schemas;
import dev.qmp.schema.QmpSchema;
import dev.qmp.schema.SchemaCommand;
import dev.qmp.schema.SchemaEvent;
import dev.qmp.schema.SchemaType.Alternate;
import dev.qmp.schema.SchemaType.Enumeration;
import dev.qmp.schema.SchemaType.ObjectType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How much of each recorded schema is typed: the README's table is what is counted here. */
class CoverageTest {

    /** What was counted of one kind. */
    private static final class Count {
        private int all;
        private int typed;

        void add(boolean isTyped) {
            all++;
            typed += isTyped ? 1 : 0;
        }

        @Override
        public String toString() {
            return typed + " of " + all;
        }
    }

    private static String row(String version, String program) {
        QmpSchema schema = QmpSchema.of(Schemas.json(version, program));
        Set<String> untyped = new HashSet<>();
        Set<String> reached = new HashSet<>();
        Count commands = new Count();
        Count events = new Count();
        Set<String> arguments = new HashSet<>();
        SchemaSamples in = new SchemaSamples(schema);
        for (SchemaCommand command : schema.commands()) {
            arguments.add(command.argumentType());
            boolean[] typed = {true};
            in.each(command.argumentType(), json -> {
                QmpCommand<?> value = QmpCommands.fromJson(command.name(), (ObjectNode) json);
                typed[0] &= !(value instanceof RawCommand) && known(value);
            });
            commands.add(typed[0]);
        }
        SchemaSamples out = new SchemaSamples(schema);
        for (SchemaCommand command : schema.commands()) {
            QmpCommand<?> any = QmpCommands.fromJson(command.name(), SchemaSamples.arguments(schema, command));
            out.each(command.returnType(), json -> {
                if (!known(any.decodeReturn(json))) {
                    untyped.add(command.name());
                }
            });
        }
        SchemaSamples told = new SchemaSamples(schema);
        for (SchemaEvent event : schema.events()) {
            arguments.add(event.dataType());
            boolean[] typed = {true};
            told.each(event.dataType(), json -> {
                QmpEvent value = QmpEvents.fromJson(event.name(), json);
                typed[0] &= !(value instanceof UnknownEvent) && known(value);
            });
            events.add(typed[0]);
        }
        assertThat(untyped).as("replies").isEmpty();
        for (SchemaSamples samples : List.of(in, out, told)) {
            reached.addAll(samples.visited());
        }
        reached.removeAll(arguments);
        return "| " + version + " | `" + program + "` | " + commands + " | " + events + " | "
                + count(schema, reached, ObjectType.class) + " | " + count(schema, reached, Enumeration.class) + " | "
                + count(schema, reached, Alternate.class) + " |\n";
    }

    private static long count(QmpSchema schema, Set<String> types, Class<?> kind) {
        return types.stream().filter(name -> kind.isInstance(schema.type(name))).count();
    }

    private static boolean known(Object value) {
        return SchemaSamples.unknown(value).isEmpty();
    }

    @Test
    void the_readmes_table_is_true() throws IOException {
        StringBuilder table = new StringBuilder("""
                | QEMU | program | commands | events | objects | enumerations | alternates |
                | --- | --- | --- | --- | --- | --- | --- |
                """);
        for (String version : Samples.VERSIONS) {
            table.append(row(version, Schemas.SYSTEM));
            table.append(row(version, Schemas.STORAGE_DAEMON));
        }

        assertThat(Files.readString(Path.of("README.md").toAbsolutePath())).contains(table);
    }
}
