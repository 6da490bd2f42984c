package dev.qmp.error;

import org.jspecify.annotations.Nullable;

/**
 * QEMU, or a guest agent, refused a command. Nearly every refusal has the class {@code GenericError}, so {@link #desc()} is
 * what tells cases apart; both are the peer's own words ("QMP protocol specification", section "Commands Responses: error").
 */
public final class CommandFailedException extends QmpException {

    private final String peer;
    private final String command;
    private final String errorClass;
    private final String desc;

    public CommandFailedException(String command, String errorClass, String desc) {
        this("QEMU", command, errorClass, desc, null, null);
    }

    private CommandFailedException(
            String peer,
            String command,
            String errorClass,
            String desc,
            @Nullable String hint,
            @Nullable Throwable cause) {
        super(command + " refused by " + peer + ": " + desc + " (" + errorClass + ")", hint, cause);
        this.peer = peer;
        this.command = command;
        this.errorClass = errorClass;
        this.desc = desc;
    }

    /** A refusal by another program that speaks QEMU's protocol; {@code peer} is what messages call it. */
    public static CommandFailedException by(String peer, String command, String errorClass, String desc) {
        return new CommandFailedException(peer, command, errorClass, desc, null, null);
    }

    /** The same refusal with advice for the user; this one is its cause. */
    public CommandFailedException withHint(String hint) {
        return new CommandFailedException(peer, command, errorClass, desc, hint, this);
    }

    public String command() {
        return command;
    }

    /** The peer's {@code class}, for example {@code GenericError}, {@code CommandNotFound}, {@code DeviceNotFound}. */
    public String errorClass() {
        return errorClass;
    }

    /** The peer's {@code desc}: meant for people, and not stable between versions. */
    public String desc() {
        return desc;
    }
}
