package dev.qmp.schema;

import java.util.Collection;

/** Words that make no JSON at all, whatever QEMU would say of it. */
final class ArgumentProblems {

    private final QmpSchema schema;

    ArgumentProblems(QmpSchema schema) {
        this.schema = schema;
    }

    static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    static ArgumentException twice(String path) {
        return new ArgumentException("'" + path + "' is given twice", null);
    }

    ArgumentException noMembers(String path, SchemaType type) {
        return new ArgumentException(
                "'" + path + "' is " + schema.describe(type.name()) + " and has no members",
                "write " + path + "=VALUE, or " + path + ":=JSON");
    }

    ArgumentException noObject(String path) {
        return new ArgumentException(
                "'" + path + "' is an object", "write its members as " + path + ".NAME=VALUE, or all of it as JSON");
    }

    ArgumentException noArrayOfArrays(String path) {
        return new ArgumentException("'" + path + "' is an array of arrays", "write it as JSON");
    }

    ArgumentException noIndex(String path, Collection<String> indexes) {
        return new ArgumentException(
                "'" + path + "' is an array, and " + String.join(", ", indexes) + " do not count from 0 without a gap",
                "repeat " + path + "=VALUE, number the elements as " + path + ".0, " + path + ".1, or write JSON");
    }
}
