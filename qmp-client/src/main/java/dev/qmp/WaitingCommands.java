package dev.qmp;

import dev.qmp.error.QmpException;
import dev.qmp.session.Mailbox;
import dev.qmp.session.Timers;
import dev.qmp.transport.LinkLoop.Timer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The way of commands to the connection that there is or, within a limit, comes. {@link #submit} may be called on any thread;
 * all else is confined to the mailbox.
 */
final class WaitingCommands {

    private final Map<PlannedCommand<?>, Timer> waiting = new LinkedHashMap<>();
    private final Duration patience;
    private final Timers timers;
    private final Executor executor;
    private final Mailbox mailbox;
    private volatile @Nullable QmpClient current;
    private @Nullable QmpException why;
    private boolean over;

    WaitingCommands(Duration patience, Timers timers, Executor executor, Mailbox mailbox) {
        this.patience = patience;
        this.timers = timers;
        this.executor = executor;
        this.mailbox = mailbox;
    }

    void submit(PlannedCommand<?> command) {
        QmpClient now = current;
        if (now != null) {
            send(command, now);
        } else {
            mailbox.post(() -> place(command, null, why));
        }
    }

    /** There is a connection: what waits is sent. */
    void connected(QmpClient client) {
        current = client;
        Map<PlannedCommand<?>, Timer> all = new LinkedHashMap<>(waiting);
        waiting.clear();
        all.forEach((command, limit) -> {
            limit.cancel();
            send(command, client);
        });
    }

    void disconnected(QmpException cause) {
        current = null;
        why = cause;
    }

    /** No connection comes any more. */
    void end(@Nullable QmpException cause) {
        current = null;
        over = true;
        why = cause;
        waiting.forEach((command, limit) -> {
            limit.cancel();
            command.fail(executor, "the client has ended", cause);
        });
        waiting.clear();
    }

    private void send(PlannedCommand<?> command, QmpClient client) {
        command.send(client, unsent -> {
            if (patience.isZero() || command.deadlinePassed()) {
                command.future().completeExceptionally(unsent);
            } else {
                mailbox.post(() -> place(command, client, unsent));
            }
        });
    }

    /** {@code ending} is a connection that has refused it, and whose end may not have been told yet. */
    private void place(PlannedCommand<?> command, @Nullable QmpClient ending, @Nullable QmpException cause) {
        QmpClient now = current;
        if (over) {
            command.fail(executor, "the client has ended", why);
        } else if (now != null && !now.equals(ending)) {
            send(command, now);
        } else {
            await(command, cause);
        }
    }

    private void await(PlannedCommand<?> command, @Nullable QmpException cause) {
        Duration limit = command.bounded() && command.left().compareTo(patience) < 0 ? command.left() : patience;
        if (limit.isZero()) {
            command.fail(executor, "there is no connection just now", cause);
            return;
        }
        Timer timer = timers.schedule(
                () -> mailbox.post(() -> {
                    if (waiting.remove(command) != null) {
                        command.fail(executor, "no connection came in time", cause);
                    }
                }),
                limit);
        waiting.put(command, timer);
    }
}
