package dev.qmp;

import dev.qmp.error.OutOfBandUnavailableException;
import dev.qmp.error.OutOfBandUnavailableException.Reason;
import dev.qmp.qapi.QmpCommand;
import dev.qmp.qapi.RawCommand;
import java.util.concurrent.CompletableFuture;

/** Which commands may go out of band, as far as their types tell. */
final class OutOfBand {

    private OutOfBand() {}

    /** Of a command by name alone nothing is known here: QEMU, which refuses at once, decides. */
    static boolean mayBeAllowed(QmpCommand<?> command) {
        return command.allowsOutOfBand() || command instanceof RawCommand;
    }

    static <T> CompletableFuture<T> notAllowed(String command) {
        return CompletableFuture.failedFuture(new OutOfBandUnavailableException(command, Reason.NOT_ALLOWED));
    }
}
