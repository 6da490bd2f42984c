package dev.qmp.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.QmpClient;
import dev.qmp.session.EventSubscription;
import dev.qmp.wire.Message.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "events", description = "Events as they come, one JSON line each, until interrupted.")
final class EventsCommand extends TargetCommand {

    @Option(names = "--event", paramLabel = "NAME", description = "only this one; repeatable")
    private Set<String> names = new HashSet<>();

    @Option(names = "--count", paramLabel = "N", description = "end after so many")
    private @Nullable Integer count;

    @Option(names = "--for", paramLabel = "D", description = "end after this time")
    private @Nullable Duration time;

    private int seen;

    @Override
    int run(QmpClient client) throws InterruptedException {
        if (count != null && count < 1) {
            throw new UsageException("--count: at least one event", null);
        }
        CompletableFuture<Void> enough = new CompletableFuture<>();
        EventSubscription subscription = client.subscribe(
                event -> names.isEmpty() || names.contains(event.name()), event -> show(event, enough));
        subscription.ended().whenComplete((done, failure) -> {
            if (failure == null) {
                enough.complete(null);
            } else {
                enough.completeExceptionally(failure);
            }
        });
        try {
            await(time == null ? enough : enough.orTimeout(time.toMillis(), TimeUnit.MILLISECONDS));
        } catch (IllegalStateException e) {
            if (!(e.getCause() instanceof TimeoutException)) {
                throw e;
            }
        }
        subscription.close();
        if (subscription.dropped() > 0) {
            note("note: " + subscription.dropped()
                    + " events were lost because they came faster than they could be written");
        }
        return Failure.DONE;
    }

    private void show(Event event, CompletableFuture<Void> enough) {
        if (enough.isDone()) {
            return;
        }
        Instant at = event.timestamp();
        ObjectNode line = JsonNodeFactory.instance
                .objectNode()
                .put("time", at == null ? null : at.toString())
                .put("event", event.name());
        line.set("data", event.data());
        console().ndjson(line);
        seen++;
        if (count != null && seen >= count) {
            enough.complete(null);
        }
    }
}
