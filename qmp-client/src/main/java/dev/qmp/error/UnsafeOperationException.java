package dev.qmp.error;

import org.jspecify.annotations.Nullable;

/** A safety check refused an operation before anything was sent: the guest's data, graph and files are untouched. */
public final class UnsafeOperationException extends QmpException {

    private final String check;

    /**
     * @param check the check's stable name, in lower case with hyphens, for example {@code overlay-exists}
     * @param message what was found
     */
    public UnsafeOperationException(String check, String message, @Nullable String hint) {
        super(message, hint, null);
        this.check = check;
    }

    /** The check's stable name, for programs that react to one of them. */
    public String check() {
        return check;
    }
}
