package dev.qmp.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.schema.Featured;
import dev.qmp.schema.QmpSchema;
import dev.qmp.schema.SchemaChange;
import dev.qmp.schema.SchemaCommand;
import dev.qmp.schema.SchemaEvent;
import dev.qmp.schema.SchemaMember;
import dev.qmp.schema.SchemaPlace;
import dev.qmp.schema.SchemaPlace.Branch;
import dev.qmp.schema.SchemaPlace.Kind;
import dev.qmp.schema.SchemaType.Enumeration;
import dev.qmp.wire.QemuVersion;
import java.util.List;
import java.util.stream.Stream;

/** Schemas as JSON. The numbers that stand for types in QEMU's own form are nowhere in it. */
final class SchemaDocuments {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private SchemaDocuments() {}

    static ObjectNode overview(QmpSchema schema) {
        ObjectNode document = whose(JSON.objectNode(), schema);
        List<SchemaCommand> commands = schema.commands();
        List<SchemaEvent> events = schema.events();
        document.putObject("counts")
                .put("commands", commands.size())
                .put("events", events.size())
                .put("deprecated", all(schema).filter(Featured::deprecated).count())
                .put("unstable", all(schema).filter(Featured::unstable).count());
        ArrayNode list = document.putArray("commands");
        commands.forEach(command ->
                features(list.addObject().put("name", command.name()), command).put("allowOob", command.allowOob()));
        ArrayNode others = document.putArray("events");
        events.forEach(event -> features(others.addObject().put("name", event.name()), event));
        return document;
    }

    static Stream<Featured> all(QmpSchema schema) {
        return Stream.concat(schema.commands().stream(), schema.events().stream());
    }

    static ObjectNode place(QmpSchema schema, SchemaPlace place) {
        ObjectNode document = JSON.objectNode()
                .put("name", place.name())
                .put("kind", Documents.lower(place.kind()))
                .put("type", schema.describeKind(place.type()));
        features(document, place);
        if (place.kind() == Kind.MEMBER) {
            document.put("optional", place.optional());
        }
        if (place.kind() == Kind.COMMAND) {
            document.put(
                    "allowOob",
                    schema.command(place.name()).map(SchemaCommand::allowOob).orElse(false));
        }
        String members = switch (place.kind()) {
            case COMMAND -> "arguments";
            case EVENT -> "data";
            case MEMBER, BRANCH, REPLY -> "members";
        };
        contents(schema, place, members, document);
        if (place.kind() == Kind.COMMAND) {
            SchemaPlace reply = schema.place(place.name() + ".reply");
            contents(
                    schema,
                    reply,
                    "members",
                    document.putObject("reply").put("type", schema.describeKind(reply.type())));
        }
        return document;
    }

    private static void contents(QmpSchema schema, SchemaPlace place, String members, ObjectNode document) {
        document.set(members, members(schema, place.members()));
        document.put("tag", place.tag().orElse(null));
        ArrayNode branches = document.putArray("branches");
        for (Branch branch : place.branches()) {
            features(branches.addObject().put("value", branch.value()), branch)
                    .set("members", members(schema, branch.members()));
        }
        ArrayNode values = document.putArray("values");
        place.values().forEach(value -> features(values.addObject().put("value", value.name()), value));
    }

    private static ArrayNode members(QmpSchema schema, List<SchemaMember> members) {
        ArrayNode array = JSON.arrayNode();
        for (SchemaMember member : members) {
            ObjectNode document = array.addObject()
                    .put("name", member.name())
                    .put("type", schema.describeKind(member.type()))
                    .put("optional", member.optional());
            features(document, member);
            ArrayNode values = document.putArray("values");
            schema.valuesOf(member.type()).stream().map(Enumeration.Value::name).forEach(values::add);
        }
        return array;
    }

    static ObjectNode diff(String target, QmpSchema from, String other, QmpSchema to, List<SchemaChange> changes) {
        ObjectNode document = JSON.objectNode();
        whose(document.putObject("from").put("name", target), from);
        whose(document.putObject("to").put("name", other), to);
        ArrayNode array = document.putArray("changes");
        for (SchemaChange change : changes) {
            array.addObject()
                    .put("change", Documents.lower(change.kind()))
                    .put("what", Documents.lower(change.subject()))
                    .put("name", change.name())
                    .put("from", change.from())
                    .put("to", change.to());
        }
        return document;
    }

    private static ObjectNode whose(ObjectNode document, QmpSchema schema) {
        QemuVersion version = schema.version().orElse(null);
        return document.put("version", version == null ? null : version.toString())
                .put(
                        "package",
                        version == null || version.packageVersion().isEmpty() ? null : version.packageVersion());
    }

    private static ObjectNode features(ObjectNode document, Featured thing) {
        ArrayNode features = document.putArray("features");
        thing.features().stream().sorted().forEach(features::add);
        return document.put("deprecated", thing.deprecated()).put("unstable", thing.unstable());
    }
}
