package dev.qmp.cli.command;

/** An operation's end could not be seen; what is true now is said as far as it can be known: exit status 4. */
final class UnknownEnd extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String hint;

    UnknownEnd(String message, String hint, Throwable cause) {
        super(message, cause);
        this.hint = hint;
    }

    String hint() {
        return hint;
    }
}
