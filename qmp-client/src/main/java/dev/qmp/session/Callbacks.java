package dev.qmp.session;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** The way out of the loop to user code: the embedder's executor. */
final class Callbacks {

    private final Executor executor;

    Callbacks(Executor executor) {
        this.executor = executor;
    }

    void run(Runnable action) {
        try {
            executor.execute(action);
        } catch (RejectedExecutionException e) {
            // The embedder's executor has been shut down; an end that is never heard would be worse than a thread of
            // ours.
            CallbackThreads.shared().execute(action);
        }
    }
}
