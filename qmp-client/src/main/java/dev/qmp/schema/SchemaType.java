package dev.qmp.schema;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A type of the schema's. Types name each other instead of holding each other, because they recur: the backing file of a
 * {@code blockdev-add} is described by the type of {@code blockdev-add}'s own arguments.
 *
 * <p>The names of built-in types are words ({@code str}); all others are numbers that QEMU gives anew in each build, and
 * mean nothing outside their own schema.
 */
public sealed interface SchemaType {

    String name();

    /**
     * A type without parts. Every integer of QAPI's, whatever its width and sign, and also QAPI's {@code size}, is
     * {@code int} here: the schema does not tell them apart.
     *
     * @param jsonType {@code string}, {@code int}, {@code number}, {@code boolean}, {@code null} or {@code value}
     */
    record Builtin(String name, String jsonType) implements SchemaType {}

    /** A string out of a fixed set. */
    record Enumeration(String name, List<Value> values) implements SchemaType {

        /** One of the strings. */
        public record Value(String name, Set<String> features) implements Featured {
            public Value {
                features = Set.copyOf(features);
            }
        }

        public Enumeration {
            values = List.copyOf(values);
        }

        /** The strings alone, in QEMU's order. */
        public List<String> names() {
            return values.stream().map(Value::name).toList();
        }

        public boolean has(String value) {
            return values.stream().anyMatch(v -> v.name().equals(value));
        }
    }

    /**
     * A list of values of one type.
     *
     * @param element the name of the elements' type
     */
    record Array(String name, String element) implements SchemaType {}

    /**
     * An object, or a union where it has a tag.
     *
     * @param members the members that it always has, the tag among them
     * @param tag the member whose value says which further members there are
     * @param variants by a value of the tag, the name of the object type with the further members; a value that is not
     *     here adds none
     */
    record ObjectType(
            String name,
            List<SchemaMember> members,
            Optional<String> tag,
            Map<String, String> variants,
            Set<String> features)
            implements SchemaType, Featured {

        public ObjectType {
            members = List.copyOf(members);
            variants = Collections.unmodifiableMap(new LinkedHashMap<>(variants));
            features = Set.copyOf(features);
        }
    }

    /**
     * One of several types, told apart by the kind of the JSON value alone.
     *
     * @param types the names of the types
     */
    record Alternate(String name, List<String> types) implements SchemaType {
        public Alternate {
            types = List.copyOf(types);
        }
    }

    /**
     * A type of a kind that a later QEMU invented, or one that the schema names and does not define. Its values are
     * whatever JSON they are.
     *
     * @param metaType what the schema calls its kind, empty where it is not defined
     */
    record Unknown(String name, String metaType) implements SchemaType {}
}
