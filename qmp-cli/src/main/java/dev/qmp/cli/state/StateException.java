package dev.qmp.cli.state;

import org.jspecify.annotations.Nullable;

/** The state folder cannot be read or written as it should. Nothing in it was changed. */
public final class StateException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String hint;

    StateException(String message, String hint, @Nullable Throwable cause) {
        super(message, cause);
        this.hint = hint;
    }

    public String hint() {
        return hint;
    }
}
