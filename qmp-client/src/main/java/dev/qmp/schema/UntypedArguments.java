package dev.qmp.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.schema.Given.Json;
import dev.qmp.schema.Given.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values as given, made into JSON where no schema says what they are: a text is a string, a dot is an object. */
final class UntypedArguments {

    private UntypedArguments() {}

    static ObjectNode of(List<Given> given) {
        ObjectNode arguments = JsonNodeFactory.instance.objectNode();
        given.forEach(one -> add(arguments, one));
        return arguments;
    }

    /** One argument that a command's schema does not have, as JSON: texts are read as those of the type "any" are. */
    static JsonNode any(String path, List<Given> given) {
        Given first = given.get(0);
        if (first.isHere()) {
            if (given.size() > 1) {
                throw ArgumentProblems.twice(path);
            }
            return first.value() instanceof Text text
                    ? ScalarArgument.any(path, text.text())
                    : ((Json) first.value()).json();
        }
        Map<String, List<Given>> members = new LinkedHashMap<>();
        for (Given one : given) {
            if (one.isHere()) {
                throw ArgumentProblems.twice(path);
            }
            members.computeIfAbsent(one.path().get(0), name -> new ArrayList<>())
                    .add(one.below(1));
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        members.forEach((name, values) -> object.set(name, any(ArgumentProblems.join(path, name), values)));
        return object;
    }

    private static void add(ObjectNode arguments, Given given) {
        ObjectNode parent = arguments;
        int last = given.path().size() - 1;
        for (String name : given.path().subList(0, last)) {
            JsonNode child = parent.has(name) ? parent.get(name) : parent.putObject(name);
            if (!(child instanceof ObjectNode object)) {
                throw ArgumentProblems.twice(given.key());
            }
            parent = object;
        }
        String name = given.path().get(last);
        if (parent.has(name)) {
            throw ArgumentProblems.twice(given.key());
        }
        parent.set(name, value(given));
    }

    /** JSON is copied, because a later word may add a member to it. */
    private static JsonNode value(Given given) {
        return given.value() instanceof Text text
                ? JsonNodeFactory.instance.textNode(text.text())
                : ((Json) given.value()).json().deepCopy();
    }
}
