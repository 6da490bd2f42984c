package dev.qmp.cli.command;

import org.jspecify.annotations.Nullable;

/** The user's words make no sense, or ask for what is not here: exit status 2. */
final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final @Nullable String hint;

    UsageException(String message, @Nullable String hint) {
        super(message);
        this.hint = hint;
    }

    @Nullable
    String hint() {
        return hint;
    }
}
