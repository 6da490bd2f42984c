package dev.qmp.schema;

import dev.qmp.schema.SchemaType.Alternate;
import dev.qmp.schema.SchemaType.Array;
import dev.qmp.schema.SchemaType.Builtin;
import dev.qmp.schema.SchemaType.Enumeration;
import dev.qmp.schema.SchemaType.ObjectType;
import java.util.List;
import java.util.stream.Collectors;

/** Types in words. An object is just "object": it may contain itself, and its members are a question of their own. */
final class TypeText {

    private static final int MOST_VALUES = 12;
    /** QAPI nests an array in an alternate at most; a peer that nests deeper is not followed. */
    private static final int DEEPEST = 4;

    private final QmpSchema schema;

    TypeText(QmpSchema schema) {
        this.schema = schema;
    }

    String describe(String typeName) {
        return describe(schema.type(typeName), 0, true);
    }

    String kind(String typeName) {
        return describe(schema.type(typeName), 0, false);
    }

    private String describe(SchemaType type, int depth, boolean values) {
        if (depth > DEEPEST) {
            return "value";
        }
        if (type instanceof Builtin builtin) {
            return builtin.jsonType().equals("int") ? "integer" : builtin.jsonType();
        }
        if (type instanceof Enumeration enumeration) {
            return values ? firstOf(enumeration.names(), "|") : "enum";
        }
        if (type instanceof Array array) {
            return "array of " + describe(schema.type(array.element()), depth + 1, values);
        }
        if (type instanceof Alternate alternate) {
            return alternate.types().stream()
                    .limit(MOST_VALUES)
                    .map(name -> describe(schema.type(name), depth + 1, values))
                    .collect(Collectors.joining(" or "));
        }
        return type instanceof ObjectType ? "object" : "value";
    }

    /** QKeyCode has 160 values: a message shows the first ones, and how many there are. */
    static String firstOf(List<String> values, String separator) {
        String first = values.stream().limit(MOST_VALUES).collect(Collectors.joining(separator));
        return values.size() <= MOST_VALUES ? first : first + separator + "… (" + values.size() + " in all)";
    }
}
