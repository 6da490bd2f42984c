package dev.qmp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.schema.QmpSchema;
import dev.qmp.wire.QemuVersion;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The schema of one connection's peer: asked for once, whoever asks meanwhile waits for the same answer. */
final class SchemaSource {

    /** Where schemas are kept, and under which key this peer's is. */
    record Shelf(SchemaCache cache, String key) {}

    private final QemuVersion version;
    private final Supplier<CompletableFuture<JsonNode>> query;
    private final Supplier<Optional<Shelf>> shelf;
    private final Executor executor;
    private final AtomicReference<@Nullable CompletableFuture<QmpSchema>> asked = new AtomicReference<>();

    /**
     * A source that has not asked yet.
     *
     * @param query asks the peer
     * @param shelf asked on {@code executor}, as is the disk
     */
    SchemaSource(
            QemuVersion version,
            Supplier<CompletableFuture<JsonNode>> query,
            Supplier<Optional<Shelf>> shelf,
            Executor executor) {
        this.version = version;
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

    private CompletableFuture<QmpSchema> fetch() {
        try {
            return CompletableFuture.supplyAsync(shelf, executor)
                    .thenCompose(this::entries)
                    .thenApply(entries -> QmpSchema.of(entries, version));
        } catch (RuntimeException refused) {
            // The executor is the user's and may have been shut down.
            return CompletableFuture.failedFuture(refused);
        }
    }

    private CompletableFuture<JsonNode> entries(Optional<Shelf> place) {
        return place.flatMap(known -> known.cache().read(known.key()))
                .map(CompletableFuture::completedFuture)
                .orElseGet(() -> query.get().thenApply(entries -> keep(entries, place)));
    }

    private JsonNode keep(JsonNode entries, Optional<Shelf> place) {
        // A QEMU can be replaced within its process while it is asked; what is no schema fails when it is read.
        if (entries.isArray() && place.isPresent() && shelf.get().equals(place)) {
            place.get().cache().write(place.get().key(), entries);
        }
        return entries;
    }

    private static Throwable unwrap(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
