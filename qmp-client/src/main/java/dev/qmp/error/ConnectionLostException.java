package dev.qmp.error;

import org.jspecify.annotations.Nullable;

/** A session ended that was not closed in order: QEMU exited or was killed, the network broke, somebody cut the link. */
public final class ConnectionLostException extends QmpException {

    public ConnectionLostException(String message, @Nullable Throwable cause) {
        super(message, null, cause);
    }
}
