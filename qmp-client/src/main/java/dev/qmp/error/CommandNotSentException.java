package dev.qmp.error;

import org.jspecify.annotations.Nullable;

/** The command never left this process: QEMU has not run it, and trying again is safe. */
public sealed class CommandNotSentException extends QmpException permits OutOfBandUnavailableException {

    private final String command;

    public CommandNotSentException(String command, String why, @Nullable Throwable cause) {
        super(command + " was not sent: " + why, null, cause);
        this.command = command;
    }

    private CommandNotSentException(String command, String why, String hint) {
        super(command + " was not sent: " + why, hint, null);
        this.command = command;
    }

    /** The connection carries bytes alone, and file descriptors were to travel with the command. */
    public static CommandNotSentException cannotPassDescriptors(String command) {
        return new CommandNotSentException(
                command,
                "this connection cannot carry file descriptors",
                "Connect to a UNIX socket of this host, by the transport epoll or jnr");
    }

    public String command() {
        return command;
    }
}
