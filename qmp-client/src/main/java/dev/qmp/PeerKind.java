package dev.qmp;

import dev.qmp.error.CommandFailedException;
import dev.qmp.qapi.QmpCommand;
import dev.qmp.qapi.QueryStatus;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What kind of program a monitor belongs to, told by what it can do: greeting and version are the same. */
public enum PeerKind {

    /** A machine emulator ({@code qemu-system-…}): there is a guest with a run state, devices and drives. */
    MACHINE,

    /**
     * The block layer alone ({@code qemu-storage-daemon}): nodes, jobs and exports. It has {@code query-block}, which answers
     * with no drives whatever there is, and none of the commands about a guest (7.2 to 11.1).
     */
    STORAGE_DAEMON;

    /** Asks; fails as {@link QmpClient#execute(QmpCommand)} does, but for the refusal that is the answer. */
    public static CompletableFuture<PeerKind> of(QmpClient client) {
        return client.execute(new QueryStatus()).handle((status, failure) -> {
            if (failure == null) {
                return MACHINE;
            }
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            if (cause instanceof CommandFailedException refused
                    && refused.errorClass().equals("CommandNotFound")) {
                return STORAGE_DAEMON;
            }
            throw new CompletionException(cause);
        });
    }
}
