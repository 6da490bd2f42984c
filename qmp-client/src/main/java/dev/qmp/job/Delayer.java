package dev.qmp.job;

import dev.qmp.session.CallbackThreads;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs something later. What runs checks itself whether it is still wanted. */
interface Delayer {

    Delayer SYSTEM = (task, delay) -> CompletableFuture.delayedExecutor(
                    delay.toMillis(), TimeUnit.MILLISECONDS, CallbackThreads.shared())
            .execute(task);

    void after(Runnable task, Duration delay);
}
