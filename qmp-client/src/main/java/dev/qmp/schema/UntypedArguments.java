package dev.qmp.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.schema.Given.Json;
import dev.qmp.schema.Given.Text;
import java.util.List;

/** Values as given, made into JSON where no schema says what they are: a text is a string, a dot is an object. */
final class UntypedArguments {

    private UntypedArguments() {}

    static ObjectNode of(List<Given> given) {
        ObjectNode arguments = JsonNodeFactory.instance.objectNode();
        given.forEach(one -> add(arguments, one));
        return arguments;
    }

    private static void add(ObjectNode arguments, Given given) {
        ObjectNode parent = arguments;
        int last = given.path().size() - 1;
        for (String name : given.path().subList(0, last)) {
            JsonNode child = parent.has(name) ? parent.get(name) : parent.putObject(name);
            if (!(child instanceof ObjectNode object)) {
                throw twice(given);
            }
            parent = object;
        }
        String name = given.path().get(last);
        if (parent.has(name)) {
            throw twice(given);
        }
        parent.set(name, value(given));
    }

    /** JSON is copied, because a later word may add a member to it. */
    private static JsonNode value(Given given) {
        return given.value() instanceof Text text
                ? JsonNodeFactory.instance.textNode(text.text())
                : ((Json) given.value()).json().deepCopy();
    }

    private static ArgumentException twice(Given given) {
        return new ArgumentException("'" + given.key() + "' is given twice", null);
    }
}
