package dev.qmp.schema;

import org.jspecify.annotations.Nullable;

/**
 * One difference between two schemas.
 *
 * @param name the place, as {@link QmpSchema#place} reads it
 * @param from what the first schema has there, in words; null where it has nothing or the name says it all
 * @param to the same of the second schema
 */
public record SchemaChange(
        Kind kind,
        Subject subject,
        String name,
        @Nullable String from,
        @Nullable String to) {

    /** What became of it on the way from the first schema to the second. */
    public enum Kind {
        ADDED,
        REMOVED,
        CHANGED
    }

    /** What it is that differs. */
    public enum Subject {
        COMMAND,
        EVENT,
        /** An argument of a command, or a member within one. */
        ARGUMENT,
        /** A member of a command's reply. */
        REPLY,
        /** A member of an event's data. */
        DATA,
        /** A text that may stand at the place. */
        VALUE,
        /** The type of a value at the place. */
        TYPE,
        /** Whether the member may be left out. */
        PRESENCE,
        /** A feature of the command, event or member, or of the text at the place: {@code deprecated} among them. */
        FEATURE
    }
}
