package dev.qmp.generator;

/** The type of a member, of a reply, or of an alternative. */
sealed interface TypeRef {

    /** What has no parts. The schema calls both kinds of integer {@code int}; the table of names tells them apart. */
    enum Scalar implements TypeRef {
        STRING,
        INT64,
        UINT64,
        NUMBER,
        BOOLEAN,
        NULL,
        ANY,
        /** An object without members. */
        EMPTY
    }

    /** A type with a name of its own. */
    record Named(String name) implements TypeRef {}

    record ListOf(TypeRef element) implements TypeRef {}
}
