package dev.qmp.error;

/**
 * A value of QEMU's is not of the type that QAPI gives it: a member is missing, or a text where a number belongs. What was
 * asked for has been done; only its reply cannot be read as the type. The session goes on.
 */
public final class UnexpectedValueException extends QmpException {

    public UnexpectedValueException(String message) {
        super(message, "Read the reply as JSON: the same command by its name returns it as it came", null);
    }
}
