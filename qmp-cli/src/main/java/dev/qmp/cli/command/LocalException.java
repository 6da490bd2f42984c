package dev.qmp.cli.command;

import org.jspecify.annotations.Nullable;

/** Something on this host failed that is neither QEMU's doing nor the user's words: a file, a helper program. */
final class LocalException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String kind;
    private final @Nullable String hint;

    LocalException(String kind, String message, @Nullable String hint, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.hint = hint;
    }

    String kind() {
        return kind;
    }

    @Nullable
    String hint() {
        return hint;
    }
}
