package dev.qmp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.schema.QmpSchema;
import dev.qmp.wire.QemuVersion;
import dev.qmp.wire.WireLimits;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The schema of one connection's peer: asked for once, whoever asks meanwhile waits for the same answer. */
final class SchemaSource {

    /** Where schemas are kept, and under which key this peer's is. */
    record Shelf(SchemaCache cache, String key) {}

    private static final Logger LOG = LoggerFactory.getLogger(SchemaSource.class);

    private final QemuVersion version;
    private final WireLimits limits;
    private final Supplier<CompletableFuture<JsonNode>> query;
    private final Supplier<Optional<Shelf>> shelf;
    private final Executor executor;
    private final AtomicReference<@Nullable CompletableFuture<QmpSchema>> asked = new AtomicReference<>();

    /**
     * A source that has not asked yet.
     *
     * @param limits what a file on disk may hold, as if the peer had sent it
     * @param query asks the peer
     * @param shelf asked on {@code executor}, as is the disk
     */
    SchemaSource(
            QemuVersion version,
            WireLimits limits,
            Supplier<CompletableFuture<JsonNode>> query,
            Supplier<Optional<Shelf>> shelf,
            Executor executor) {
        this.version = version;
        this.limits = limits;
        this.query = query;
        this.shelf = shelf;
        this.executor = executor;
    }

    /** A future of the caller's own: cancelling it takes nothing from the others. */
    CompletableFuture<QmpSchema> get() {
        CompletableFuture<QmpSchema> mine = new CompletableFuture<>();
        CompletableFuture<QmpSchema> earlier = asked.compareAndExchange(null, mine);
        if (earlier != null) {
            return earlier.copy();
        }
        CompletableFuture<QmpSchema> own = mine.copy();
        fetch().whenComplete((schema, failure) -> {
            if (failure == null) {
                mine.complete(schema);
            } else {
                // Forgotten before anybody hears of it: who tries again at once asks again.
                asked.set(null);
                mine.completeExceptionally(unwrap(failure));
            }
        });
        return own;
    }

    /** Whether it is known already that the peer takes this command in band only. Asks nobody: the peer may be stuck. */
    boolean refusesOutOfBand(String command) {
        CompletableFuture<QmpSchema> known = asked.get();
        if (known == null || !known.isDone() || known.isCompletedExceptionally()) {
            return false;
        }
        return known.join().command(command).filter(c -> !c.allowOob()).isPresent();
    }

    private CompletableFuture<QmpSchema> fetch() {
        try {
            return CompletableFuture.supplyAsync(shelf, executor).thenCompose(this::schema);
        } catch (RuntimeException refused) {
            // The executor is the user's and may have been shut down.
            return CompletableFuture.failedFuture(refused);
        }
    }

    private CompletableFuture<QmpSchema> schema(Optional<Shelf> place) {
        return place.flatMap(this::kept)
                .map(CompletableFuture::completedFuture)
                .orElseGet(() -> query.get().thenApply(entries -> keep(QmpSchema.of(entries, version), place)));
    }

    private Optional<QmpSchema> kept(Shelf place) {
        try {
            return place.cache().read(place.key()).map(lines -> QmpSchema.ofLines(lines, limits, version));
        } catch (IllegalArgumentException e) {
            LOG.debug("a cached schema is not used: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /** A QEMU can be replaced within its process while it is asked: then nobody knows whose answer it is. */
    private QmpSchema keep(QmpSchema schema, Optional<Shelf> place) {
        if (place.isPresent() && shelf.get().equals(place)) {
            schema.toLines()
                    .ifPresent(lines -> place.get().cache().write(place.get().key(), lines));
        }
        return schema;
    }

    private static Throwable unwrap(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
