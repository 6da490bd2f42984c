package dev.qmp;

import dev.qmp.error.CommandNotSentException;
import dev.qmp.session.Timers;
import dev.qmp.transport.LinkLoop.Timer;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Commands without a connection: each is sent on the next one, or fails as not sent. Confined to the client's mailbox. */
final class WaitingCommands {

    /** A command of any kind, and its caller's future. */
    static final class Entry<R> {
        private final String command;
        private final Duration deadline;
        private final BiFunction<QmpClient, Duration, CompletableFuture<R>> call;
        private final CompletableFuture<R> future = new CompletableFuture<>();
        private final long given = System.nanoTime();
        private @Nullable Timer limit;

        Entry(String command, Duration deadline, BiFunction<QmpClient, Duration, CompletableFuture<R>> call) {
            this.command = command;
            this.deadline = deadline;
            this.call = call;
        }

        CompletableFuture<R> future() {
            return future;
        }

        boolean deadlinePassed() {
            return !deadline.isZero() && left().isZero();
        }

        /** For the session, to which zero means that there is no deadline. */
        private Duration remaining() {
            return deadlinePassed() ? Duration.ofNanos(1) : deadline.isZero() ? deadline : left();
        }

        private Duration left() {
            Duration left = deadline.minusNanos(System.nanoTime() - given);
            return left.isNegative() ? Duration.ZERO : left;
        }

        /** Sends it; {@code notSent} hears of a command that, as is certain, was not. */
        void send(QmpClient client, Consumer<CommandNotSentException> notSent) {
            if (future.isDone()) {
                return;
            }
            CompletableFuture<R> reply = call.apply(client, remaining());
            reply.whenComplete((value, failure) -> {
                if (failure instanceof CommandNotSentException unsent) {
                    notSent.accept(unsent);
                } else if (failure != null) {
                    future.completeExceptionally(failure);
                } else {
                    future.complete(value);
                }
            });
            future.whenComplete((value, failure) -> {
                if (future.isCancelled()) {
                    reply.cancel(false);
                }
            });
        }

        void fail(Executor executor, String why, @Nullable Throwable cause) {
            executor.execute(() -> future.completeExceptionally(new CommandNotSentException(command, why, cause)));
        }
    }

    private final Set<Entry<?>> waiting = new LinkedHashSet<>();
    private final Duration patience;
    private final Timers timers;
    private final Executor executor;
    private final Consumer<Runnable> mailbox;

    WaitingCommands(Duration patience, Timers timers, Executor executor, Consumer<Runnable> mailbox) {
        this.patience = patience;
        this.timers = timers;
        this.executor = executor;
        this.mailbox = mailbox;
    }

    void add(Entry<?> entry, @Nullable Throwable cause) {
        Duration limit = entry.deadline.isZero() || entry.left().compareTo(patience) > 0 ? patience : entry.left();
        if (limit.isZero()) {
            entry.fail(executor, "there is no connection just now", cause);
            return;
        }
        waiting.add(entry);
        entry.limit = timers.schedule(
                () -> mailbox.accept(() -> {
                    if (waiting.remove(entry)) {
                        entry.fail(executor, "no connection came in time", cause);
                    }
                }),
                limit);
    }

    List<Entry<?>> takeAll() {
        List<Entry<?>> all = List.copyOf(waiting);
        waiting.clear();
        for (Entry<?> entry : all) {
            Timer limit = entry.limit;
            if (limit != null) {
                limit.cancel();
            }
        }
        return all;
    }

    void failAll(String why, @Nullable Throwable cause) {
        takeAll().forEach(entry -> entry.fail(executor, why, cause));
    }
}
