package dev.qmp.error;

import org.jspecify.annotations.Nullable;

/** The command never left this process: QEMU has not run it, and trying again is safe. */
public sealed class CommandNotSentException extends QmpException permits OutOfBandUnavailableException {

    private final String command;

    public CommandNotSentException(String command, String why, @Nullable Throwable cause) {
        super(command + " was not sent: " + why, null, cause);
        this.command = command;
    }

    public String command() {
        return command;
    }
}
