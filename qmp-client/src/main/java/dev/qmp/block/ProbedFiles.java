package dev.qmp.block;

import dev.qmp.QmpClient;
import dev.qmp.error.CommandFailedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * QEMU's files cannot be reached from here (another host, another user), so QEMU itself is asked: a file that its
 * {@code file} driver can open read-only, without taking a lock, is there; one that it answers "No such file" for is not.
 */
final class ProbedFiles implements QemuFiles {

    private final QmpClient client;

    ProbedFiles(QmpClient client) {
        this.client = client;
    }

    @Override
    public CompletableFuture<Finding> look(String path) {
        ImageProbe probe = new ImageProbe(client);
        return probe.open(path)
                .thenApply(done -> new Finding(Presence.PRESENT, "a file"))
                .exceptionally(failure -> {
                    Throwable cause = BlockGraphReader.unwrap(failure);
                    if (cause instanceof CommandFailedException refused) {
                        return refused.desc().contains("No such file or directory")
                                ? new Finding(Presence.ABSENT, "nothing")
                                : new Finding(Presence.UNKNOWN, "QEMU says: " + refused.desc());
                    }
                    throw new CompletionException(cause);
                });
    }

    @Override
    public boolean same(String a, String b) {
        return Paths.same(a, b);
    }

    @Override
    public boolean removeLeftOver(String overlay, String base) {
        return false;
    }
}
