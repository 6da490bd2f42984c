package dev.qmp.error;

import org.jspecify.annotations.Nullable;

/**
 * QEMU refused a command. Nearly every refusal has the class {@code GenericError}, so {@link #desc()} is what tells
 * cases apart; both are QEMU's own words ("QMP protocol specification", section "Commands Responses: error").
 */
public final class CommandFailedException extends QmpException {

    private final String command;
    private final String errorClass;
    private final String desc;

    public CommandFailedException(String command, String errorClass, String desc) {
        this(command, errorClass, desc, null, null);
    }

    private CommandFailedException(
            String command, String errorClass, String desc, @Nullable String hint, @Nullable Throwable cause) {
        super(command + " refused by QEMU: " + desc + " (" + errorClass + ")", hint, cause);
        this.command = command;
        this.errorClass = errorClass;
        this.desc = desc;
    }

    /** The same refusal with advice for the user; this one is its cause. */
    public CommandFailedException withHint(String hint) {
        return new CommandFailedException(command, errorClass, desc, hint, this);
    }

    public String command() {
        return command;
    }

    /** QEMU's {@code class}, for example {@code GenericError}, {@code CommandNotFound}, {@code DeviceNotFound}. */
    public String errorClass() {
        return errorClass;
    }

    /** QEMU's {@code desc}: meant for people, and not stable between versions. */
    public String desc() {
        return desc;
    }
}
