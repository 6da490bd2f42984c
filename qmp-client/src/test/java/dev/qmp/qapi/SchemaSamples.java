package dev.qmp.qapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.schema.QmpSchema;
import dev.qmp.schema.SchemaCommand;
import dev.qmp.schema.SchemaMember;
import dev.qmp.schema.SchemaType;
import dev.qmp.schema.SchemaType.Alternate;
import dev.qmp.schema.SchemaType.Array;
import dev.qmp.schema.SchemaType.Builtin;
import dev.qmp.schema.SchemaType.Enumeration;
import dev.qmp.schema.SchemaType.ObjectType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * JSON that a schema allows: for a type, values in which everything that the type is made of comes once, each value of an
 * enumeration, each branch and each alternative, however deep. Types recur, so each is gone through once.
 */
final class SchemaSamples {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int DEEP = 4;

    private final QmpSchema schema;
    private final Set<String> visited = new HashSet<>();

    SchemaSamples(QmpSchema schema) {
        this.schema = schema;
    }

    /** Calls with one value after another. */
    void each(String type, Consumer<JsonNode> consumer) {
        visit(type, UnaryOperator.identity(), consumer, true);
    }

    /** Arguments that the command takes, one value of all. */
    static ObjectNode arguments(QmpSchema schema, SchemaCommand command) {
        List<JsonNode> all = new ArrayList<>();
        new SchemaSamples(schema).each(command.argumentType(), all::add);
        return all.isEmpty() ? JSON.objectNode() : (ObjectNode) all.get(0);
    }

    /**
     * What a value that was read from a sample holds as unknown, but for the made-up text that stands where an older QEMU
     * has a string and a newer one an enumeration.
     */
    static List<String> unknown(Object value) {
        return Unknowns.in(value).stream()
                .filter(place -> !place.endsWith(" = text"))
                .toList();
    }

    /** The types that were gone through. */
    Set<String> visited() {
        return visited;
    }

    private void visit(String name, UnaryOperator<JsonNode> embed, Consumer<JsonNode> consumer, boolean root) {
        if (!visited.add(name) && !root) {
            return;
        }
        SchemaType type = schema.type(name);
        if (type instanceof Enumeration values) {
            values.names().forEach(value -> consumer.accept(embed.apply(JSON.textNode(value))));
        } else if (type instanceof Array array) {
            consumer.accept(embed.apply(JSON.arrayNode()));
            visit(array.element(), json -> embed.apply(JSON.arrayNode().add(json)), consumer, root);
        } else if (type instanceof Alternate alternate) {
            for (String one : alternate.types()) {
                consumer.accept(embed.apply(least(one, 0)));
                visit(one, embed, consumer, false);
            }
        } else if (type instanceof ObjectType object) {
            object(object, embed, consumer);
        } else {
            consumer.accept(embed.apply(least(name, 0)));
        }
    }

    private void object(ObjectType object, UnaryOperator<JsonNode> embed, Consumer<JsonNode> consumer) {
        if (object.tag().isEmpty()) {
            members(object.members(), least(object, 0), embed, consumer);
            return;
        }
        String tag = object.tag().get();
        visited.add(member(object, tag).type());
        visited.addAll(object.variants().values());
        Enumeration tags = (Enumeration) schema.type(member(object, tag).type());
        for (String value : tags.names()) {
            ObjectNode least = least(object, value, 0);
            consumer.accept(embed.apply(least));
            List<SchemaMember> others =
                    object.members().stream().filter(m -> !m.name().equals(tag)).toList();
            members(others, least, embed, consumer);
            // Without the branch, which may be a union and look different in each of its values.
            ObjectNode base = mandatory(object.members(), JSON.objectNode().put(tag, value), 0);
            branch(object, value)
                    .ifPresent(branch ->
                            object(branch, json -> embed.apply(base.deepCopy().setAll((ObjectNode) json)), consumer));
        }
    }

    /** The object with what must be there, with all that may be, and with every value of each member. */
    private void members(
            List<SchemaMember> members, ObjectNode least, UnaryOperator<JsonNode> embed, Consumer<JsonNode> consumer) {
        consumer.accept(embed.apply(least.deepCopy()));
        ObjectNode all = least.deepCopy();
        for (SchemaMember member : members) {
            all.set(member.name(), least(member.type(), 0));
        }
        consumer.accept(embed.apply(all));
        for (SchemaMember member : members) {
            visit(member.type(), json -> embed.apply(least.deepCopy().set(member.name(), json)), consumer, false);
        }
    }

    /** A value with as little in it as the type allows. */
    private JsonNode least(String name, int depth) {
        SchemaType type = schema.type(name);
        if (type instanceof Builtin builtin) {
            return switch (builtin.jsonType()) {
                case "string" -> JSON.textNode("text");
                case "int" -> JSON.numberNode(5);
                case "number" -> JSON.numberNode(0.5);
                case "boolean" -> JSON.booleanNode(true);
                case "null" -> JSON.nullNode();
                default -> JSON.objectNode().put("any", 1);
            };
        } else if (type instanceof Enumeration values) {
            return JSON.textNode(values.names().get(0));
        } else if (type instanceof Array) {
            return JSON.arrayNode();
        } else if (type instanceof Alternate alternate) {
            String simple = alternate.types().stream()
                    .filter(one -> depth < DEEP || !(schema.type(one) instanceof ObjectType))
                    .findFirst()
                    .orElseThrow();
            return least(simple, depth + 1);
        }
        return least((ObjectType) type, depth);
    }

    private ObjectNode least(ObjectType object, int depth) {
        if (object.tag().isPresent()) {
            Enumeration tags =
                    (Enumeration) schema.type(member(object, object.tag().get()).type());
            return least(object, tags.names().get(0), depth);
        }
        return mandatory(object.members(), JSON.objectNode(), depth);
    }

    private ObjectNode least(ObjectType object, String tagValue, int depth) {
        ObjectNode json = JSON.objectNode().put(object.tag().orElseThrow(), tagValue);
        mandatory(object.members(), json, depth);
        branch(object, tagValue).ifPresent(branch -> json.setAll(least(branch, depth + 1)));
        return json;
    }

    private ObjectNode mandatory(List<SchemaMember> members, ObjectNode json, int depth) {
        for (SchemaMember member : members) {
            if (!member.optional() && !json.has(member.name())) {
                json.set(member.name(), least(member.type(), depth + 1));
            }
        }
        return json;
    }

    private Optional<ObjectType> branch(ObjectType object, String tagValue) {
        Map<String, String> variants = object.variants();
        return Optional.ofNullable(variants.get(tagValue)).map(name -> (ObjectType) schema.type(name));
    }

    private static SchemaMember member(ObjectType object, String name) {
        return object.members().stream()
                .filter(m -> m.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
