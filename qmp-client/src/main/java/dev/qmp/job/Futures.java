package dev.qmp.job;

import dev.qmp.session.CallbackThreads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

/** Futures that fail with the exception itself, not wrapped by each stage on the way. */
final class Futures {

    private Futures() {}

    static Throwable unwrap(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? unwrap(cause) : failure;
    }

    static <T, R> CompletableFuture<R> map(CompletableFuture<T> source, Function<T, R> function) {
        CompletableFuture<R> mapped = new CompletableFuture<>();
        source.whenComplete((value, failure) -> {
            if (failure != null) {
                mapped.completeExceptionally(unwrap(failure));
                return;
            }
            R result;
            try {
                result = function.apply(value);
            } catch (RuntimeException e) {
                mapped.completeExceptionally(e);
                return;
            }
            mapped.complete(result);
        });
        return mapped;
    }

    /** A future of one caller's own that ends as {@code source} does. */
    static <T> CompletableFuture<T> view(CompletableFuture<T> source) {
        return map(source, Function.identity());
    }

    /** Runs user code, on a thread of ours where the embedder's executor is gone: an end must be heard all the same. */
    static void callback(Executor executor, Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            CallbackThreads.shared().execute(task);
        }
    }
}
