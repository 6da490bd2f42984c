package dev.qmp.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.qapi.RawCommand;
import dev.qmp.schema.SchemaType.Alternate;
import dev.qmp.schema.SchemaType.Array;
import dev.qmp.schema.SchemaType.Builtin;
import dev.qmp.schema.SchemaType.Enumeration;
import dev.qmp.schema.SchemaType.ObjectType;
import java.io.FileNotFoundException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Arguments made at random by the schema of each command, written as words, are read back as they were, and are valid. */
class ArgumentRoundTripTest {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int RUNS = 20;

    private QmpSchema schema = RecordedSchemas.QEMU_7_2;

    static Stream<Arguments> commands() {
        return RecordedSchemas.ALL.entrySet().stream()
                .flatMap(e -> e.getValue().commands().stream().map(c -> Arguments.of(e.getKey(), c.name())));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void what_a_command_takes_can_be_written_in_words(String version, String command) {
        schema = Objects.requireNonNull(RecordedSchemas.ALL.get(version));
        ArgumentParser parser = new ArgumentParser(schema, name -> {
            throw new FileNotFoundException(name);
        });
        SchemaType type = schema.type(schema.command(command).orElseThrow().argumentType());
        for (int seed = 0; seed < RUNS; seed++) {
            Random random = new Random(seed);
            ObjectNode arguments = object((ObjectType) type, random, 0);
            List<String> words = new ArrayList<>();
            write("", arguments, words);
            Collections.shuffle(words, random);

            assertThat(parser.parse(command, words))
                    .as("seed %d: %s", seed, words)
                    .isEqualTo(RawCommand.of(command, arguments));
            assertThat(SchemaValidator.check(schema, command, arguments))
                    .as("seed %d: %s", seed, arguments)
                    .noneMatch(SchemaFinding::isError);
        }
    }

    private ObjectNode object(ObjectType type, Random random, int depth) {
        ObjectNode object = NODES.objectNode();
        for (SchemaMember member : type.members()) {
            if (!member.optional() || (depth < 3 && random.nextInt(3) == 0)) {
                object.set(member.name(), value(schema.type(member.type()), random, depth + 1));
            }
        }
        type.tag().ifPresent(tag -> {
            String variant = type.variants().get(object.path(tag).asText());
            if (variant != null) {
                object.setAll(object((ObjectType) schema.type(variant), random, depth));
            }
        });
        return object;
    }

    private JsonNode value(SchemaType type, Random random, int depth) {
        if (type instanceof ObjectType object) {
            return object(object, random, depth);
        }
        if (type instanceof Array array) {
            ArrayNode elements = NODES.arrayNode();
            for (int i = random.nextInt(depth < 3 ? 4 : 1); i > 0; i--) {
                elements.add(value(schema.type(array.element()), random, depth + 1));
            }
            return elements;
        }
        if (type instanceof Alternate alternate) {
            // Deep down a reference is a name: the types recur without end.
            List<SchemaType> choices = alternate.types().stream()
                    .map(schema::type)
                    .filter(choice -> depth < 4 || !(choice instanceof ObjectType))
                    .toList();
            return value(choices.get(random.nextInt(choices.size())), random, depth);
        }
        if (type instanceof Enumeration enumeration) {
            return NODES.textNode(
                    enumeration.names().get(random.nextInt(enumeration.names().size())));
        }
        return scalar(((Builtin) type).jsonType(), random);
    }

    private static JsonNode scalar(String kind, Random random) {
        return switch (kind) {
            case "string" -> NODES.textNode("s" + Long.toString(random.nextLong(), 36) + "={[\"");
            case "int" -> integer(new BigInteger(random.nextInt(65), random));
            case "boolean" -> NODES.booleanNode(random.nextBoolean());
            case "null" -> NODES.nullNode();
            default -> NODES.textNode("any");
        };
    }

    private static JsonNode integer(BigInteger value) {
        return RecordedSchemas.json(value.toString());
    }

    private static void write(String path, JsonNode value, List<String> words) {
        if (value.isContainerNode() && (!value.isEmpty() || path.isEmpty())) {
            int index = 0;
            for (JsonNode element : value.isArray() ? value : NODES.arrayNode()) {
                write(ArgumentProblems.join(path, Integer.toString(index++)), element, words);
            }
            value.properties()
                    .forEach(member -> write(ArgumentProblems.join(path, member.getKey()), member.getValue(), words));
        } else {
            words.add(path + "=" + (value.isContainerNode() ? value.toString() : value.asText()));
        }
    }
}
