package dev.qmp.schema;

import java.util.Optional;

/**
 * Something that a schema says about a command that is not sent yet.
 *
 * @param path the argument, members joined by dots and elements of arrays counted from 0: {@code actions.0.data.speed};
 *     empty where the command itself is meant
 * @param message a sentence without a final dot, for people
 * @param hint what to write instead, where that is known
 */
public record SchemaFinding(Kind kind, String path, String message, Optional<String> hint) {

    /** What it is about. */
    public enum Kind {
        /** This QEMU has no such command. */
        UNKNOWN_COMMAND(true),
        /** There is no such argument, or no such member within one. */
        UNKNOWN_ARGUMENT(true),
        /** Something mandatory is not there; {@code path} is the first of what is missing. */
        MISSING_ARGUMENT(true),
        /** The value is of another type than the argument. */
        WRONG_TYPE(true),
        /** The text is none of those that the argument can be. */
        UNKNOWN_VALUE(true),
        /** QEMU means to drop it. */
        DEPRECATED(false),
        /** QEMU may change or drop it at any time. */
        UNSTABLE(false);

        private final boolean error;

        Kind(boolean error) {
            this.error = error;
        }
    }

    /** QEMU will refuse the command; else it is a warning. */
    public boolean isError() {
        return kind.error;
    }
}
