package dev.qmp.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.schema.Given.Json;
import dev.qmp.schema.Given.Text;
import dev.qmp.schema.SchemaType.Alternate;
import dev.qmp.schema.SchemaType.Array;
import dev.qmp.schema.SchemaType.Builtin;
import dev.qmp.schema.SchemaType.Enumeration;
import dev.qmp.schema.SchemaType.ObjectType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Values as given, made into JSON by walking the types of one command. A name of the path is used up with each object and
 * each indexed array, so the walk ends however the types recur. What the types do not know becomes JSON as well.
 */
final class TypedArguments {

    private final QmpSchema schema;
    private final String command;
    private final ArgumentProblems problems;

    TypedArguments(QmpSchema schema, String command) {
        this.schema = schema;
        this.command = command;
        this.problems = new ArgumentProblems(schema);
    }

    ObjectNode of(ObjectType arguments, List<Given> given) {
        return object("", arguments, given, OpenEnded.is(command));
    }

    private ObjectNode object(String path, ObjectType type, List<Given> given, boolean openEnded) {
        UnionMembers members = UnionMembers.of(schema, type, tag -> textOf(tag, given));
        Map<String, List<Given>> byMember = new LinkedHashMap<>();
        for (Given one : given) {
            boolean property = openEnded && !members.has(one.path().get(0));
            int names = property || members.has(one.rest()) ? one.path().size() : 1;
            String name = String.join(".", one.path().subList(0, names));
            byMember.computeIfAbsent(name, n -> new ArrayList<>()).add(one.below(names));
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        byMember.forEach((name, values) -> {
            String there = ArgumentProblems.join(path, name);
            boolean known = members.has(name) || openEnded;
            object.set(name, known ? value(there, members.typeOf(name), values) : UntypedArguments.any(there, values));
        });
        return object;
    }

    private static @Nullable String textOf(SchemaMember tag, List<Given> given) {
        return given.stream()
                .filter(one -> one.rest().equals(tag.name()))
                .findFirst()
                .map(one -> one.value() instanceof Text text
                        ? text.text()
                        : ((Json) one.value()).json().asText())
                .orElse(null);
    }

    private JsonNode value(String path, SchemaType type, List<Given> given) {
        if (given.size() == 1 && given.get(0).isHere() && given.get(0).value() instanceof Json json) {
            return json.json();
        }
        if (type instanceof ObjectType object) {
            return objectValue(path, object, given);
        }
        if (type instanceof Array array) {
            return arrayValue(path, array, given);
        }
        if (type instanceof Alternate alternate) {
            return alternateValue(path, alternate, given);
        }
        return scalar(path, List.of(type), onlyText(path, type, given));
    }

    /** Members given one by one, a JSON object, or both: then the object's members count as if given one by one. */
    private JsonNode objectValue(String path, ObjectType type, List<Given> given) {
        List<Given> members = new ArrayList<>();
        for (Given one : given) {
            if (!one.isHere()) {
                members.add(one);
                continue;
            }
            JsonNode json = jsonOf(path, one).filter(JsonNode::isObject).orElseThrow(() -> problems.noObject(path));
            if (given.size() == 1) {
                return json;
            }
            json.properties().forEach(member -> members.add(Given.member(member.getKey(), member.getValue())));
        }
        return object(path, type, members, false);
    }

    private static Optional<JsonNode> jsonOf(String path, Given given) {
        if (given.value() instanceof Text text) {
            return text.text().startsWith("{")
                    ? Optional.of(ArgumentJson.parse("'" + path + "'", text.text()))
                    : Optional.empty();
        }
        return Optional.of(((Json) given.value()).json());
    }

    /** A JSON array, the key once for each element, or {@code key.0}, {@code key.1} as on QEMU's own command line. */
    private JsonNode arrayValue(String path, Array type, List<Given> given) {
        if (given.size() == 1 && given.get(0).isHere() && given.get(0).value() instanceof Text text) {
            if (text.text().startsWith("[")) {
                return ArgumentJson.parse("'" + path + "'", text.text());
            }
        }
        SchemaType element = schema.type(type.element());
        if (element instanceof Array) {
            // QAPI has no array of arrays; a peer that says otherwise gets no further here.
            throw problems.noArrayOfArrays(path);
        }
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (List<Given> one : elements(path, given)) {
            array.add(value(path + "." + array.size(), element, one));
        }
        return array;
    }

    private List<List<Given>> elements(String path, List<Given> given) {
        if (given.stream().allMatch(Given::isHere)) {
            return given.stream().map(List::of).toList();
        }
        Map<String, List<Given>> byIndex = new LinkedHashMap<>();
        for (Given one : given) {
            if (one.isHere()) {
                throw ArgumentProblems.twice(path);
            }
            byIndex.computeIfAbsent(one.path().get(0), i -> new ArrayList<>()).add(one.below(1));
        }
        List<List<Given>> elements = new ArrayList<>();
        for (int i = 0; i < byIndex.size(); i++) {
            List<Given> element = byIndex.get(Integer.toString(i));
            if (element == null) {
                throw problems.noIndex(path, byIndex.keySet());
            }
            elements.add(element);
        }
        return elements;
    }

    /** What is given decides, as in JSON: members mean the object, a repeated key the array, a text a scalar. */
    private JsonNode alternateValue(String path, Alternate type, List<Given> given) {
        List<SchemaType> choices = type.types().stream().map(schema::type).toList();
        Optional<ObjectType> object = first(choices, ObjectType.class);
        Optional<Array> array = first(choices, Array.class);
        boolean members = given.stream().anyMatch(one -> !one.isHere());
        boolean indexes = members
                && given.stream()
                        .allMatch(one -> !one.isHere() && one.path().get(0).matches("[0-9]+"));
        String start = given.get(0).value() instanceof Text text && !text.text().isEmpty()
                ? text.text().substring(0, 1)
                : "";
        if (object.isPresent() && !indexes && (members || start.equals("{"))) {
            return objectValue(path, object.get(), given);
        }
        if (array.isPresent() && (indexes || (!members && (given.size() > 1 || start.equals("["))))) {
            return arrayValue(path, array.get(), given);
        }
        List<SchemaType> scalars = choices.stream()
                .filter(choice -> choice instanceof Builtin || choice instanceof Enumeration)
                .toList();
        return scalar(path, scalars, onlyText(path, type, given));
    }

    /**
     * What a text is: QAPI lets no two alternatives share one but null's and a string's, and there a bare null means null. A
     * text that is none of them stays one, and whoever judges the arguments sees it.
     */
    private static JsonNode scalar(String path, List<SchemaType> types, String text) {
        List<SchemaType> stringsLast = new ArrayList<>(types);
        stringsLast.sort((a, b) -> Boolean.compare(isString(a), isString(b)));
        return stringsLast.stream()
                .map(type -> ScalarArgument.of(path, type, text))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseGet(() -> ScalarArgument.string(text));
    }

    private String onlyText(String path, SchemaType type, List<Given> given) {
        if (given.stream().anyMatch(one -> !one.isHere())) {
            throw problems.noMembers(path, type);
        }
        if (given.size() > 1 || !(given.get(0).value() instanceof Text text)) {
            throw ArgumentProblems.twice(path);
        }
        return text.text();
    }

    private static boolean isString(SchemaType type) {
        return type instanceof Builtin builtin && builtin.jsonType().equals("string");
    }

    private static <T> Optional<T> first(List<SchemaType> types, Class<T> kind) {
        return types.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }
}
