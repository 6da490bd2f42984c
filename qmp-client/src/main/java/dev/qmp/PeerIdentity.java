package dev.qmp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.error.CommandFailedException;
import dev.qmp.transport.PeerCredentials;
import dev.qmp.wire.QemuVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * By what one QEMU is told from another. Each part counts only where both sides of a comparison know it.
 *
 * @param pid the process that made the socket, -1 where the kernel does not tell: over TCP, and on JDK sockets
 * @param started when that process started, because process ids come again; null where nobody can tell
 * @param uuid the machine's; null where it has none, as a storage daemon, or the machine was started without {@code -uuid}
 */
record PeerIdentity(
        QemuVersion version,
        int pid,
        @Nullable Instant started,
        @Nullable String uuid) {

    private static final String NO_UUID = "00000000-0000-0000-0000-000000000000";

    /** Asks the kernel and QEMU. Fails where the connection does, or QEMU does not answer in time. */
    static CompletableFuture<PeerIdentity> of(QmpClient client, Duration deadline) {
        return client.execute("query-uuid", null, deadline)
                .handle((reply, failure) -> {
                    if (failure == null) {
                        return uuid(reply);
                    } else if (failure instanceof CommandFailedException) {
                        return Optional.<String>empty(); // a storage daemon, which is no machine
                    }
                    throw new CompletionException(failure);
                })
                .thenApply(uuid -> {
                    int pid = client.peer().map(PeerCredentials::pid).orElse(-1);
                    return new PeerIdentity(
                            client.greeting().version(),
                            pid,
                            pid > 0 ? startOf(pid).orElse(null) : null,
                            uuid.orElse(null));
                });
    }

    private static Optional<String> uuid(JsonNode reply) {
        return Optional.of(reply.path("UUID").asText()).filter(uuid -> !uuid.isEmpty() && !uuid.equals(NO_UUID));
    }

    private static Optional<Instant> startOf(int pid) {
        return ProcessHandle.of(pid).flatMap(process -> process.info().startInstant());
    }

    /**
     * What tells the two apart, empty where nothing does.
     *
     * @param restarted whether the machine may run in another process, of another version, by now
     */
    Optional<String> differenceOf(PeerIdentity found, boolean restarted) {
        if (uuid != null && found.uuid != null && !uuid.equals(found.uuid)) {
            return Optional.of("the machine " + found.uuid + " instead of " + uuid);
        }
        if (restarted) {
            return Optional.empty();
        }
        if (pid > 0 && found.pid > 0 && pid != found.pid) {
            return Optional.of("process " + found.pid + " instead of " + pid);
        }
        if (pid > 0 && pid == found.pid && started != null && found.started != null && !started.equals(found.started)) {
            return Optional.of("process " + pid + " of " + found.started + " instead of " + started);
        }
        return version.equals(found.version)
                ? Optional.empty()
                : Optional.of("version " + found.version + " instead of " + version);
    }

    /** What is known of a QEMU that {@code found} is of as well. */
    PeerIdentity and(PeerIdentity found, boolean restarted) {
        String known = found.uuid == null ? uuid : found.uuid;
        if (restarted) {
            return new PeerIdentity(found.version, found.pid, found.started, known);
        }
        return new PeerIdentity(
                version, found.pid > 0 ? found.pid : pid, found.started == null ? started : found.started, known);
    }
}
