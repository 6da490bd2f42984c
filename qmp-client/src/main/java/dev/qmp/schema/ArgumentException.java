package dev.qmp.schema;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The words given for a command do not make its arguments. Nothing was sent. */
public final class ArgumentException extends IllegalArgumentException {

    private final @Nullable String hint;

    ArgumentException(String message, @Nullable String hint) {
        super(message);
        this.hint = hint;
    }

    ArgumentException(String message, @Nullable String hint, Throwable cause) {
        super(message, cause);
        this.hint = hint;
    }

    /** What to write instead, as a sentence without a final dot; empty where the message says it all. */
    public Optional<String> hint() {
        return Optional.ofNullable(hint);
    }
}
