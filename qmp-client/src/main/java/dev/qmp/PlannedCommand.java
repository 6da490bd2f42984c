package dev.qmp;

import dev.qmp.error.CommandNotSentException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A command of any kind, and its caller's future. */
final class PlannedCommand<R> {
    private final String command;
    private final Duration deadline;
    private final BiFunction<QmpClient, Duration, CompletableFuture<R>> call;
    private final CompletableFuture<R> future = new CompletableFuture<>();
    private final long given = System.nanoTime();

    PlannedCommand(String command, Duration deadline, BiFunction<QmpClient, Duration, CompletableFuture<R>> call) {
        this.command = command;
        this.deadline = deadline;
        this.call = call;
    }

    CompletableFuture<R> future() {
        return future;
    }

    boolean bounded() {
        return !deadline.isZero();
    }

    boolean deadlinePassed() {
        return !deadline.isZero() && left().isZero();
    }

    /** For the session, to which zero means that there is no deadline. */
    private Duration remaining() {
        return deadlinePassed() ? Duration.ofNanos(1) : deadline.isZero() ? deadline : left();
    }

    Duration left() {
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
