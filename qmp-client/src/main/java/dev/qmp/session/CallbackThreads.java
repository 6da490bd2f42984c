package dev.qmp.session;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The default home of user code: daemon threads, made when needed, gone after a few idle seconds. */
public final class CallbackThreads {

    private static final Executor SHARED = create();

    private CallbackThreads() {}

    /**
     * One pool for the whole process. It has no upper bound, because a callback may wait for another one: a bounded pool
     * would turn that into a deadlock.
     */
    public static Executor shared() {
        return SHARED;
    }

    private static Executor create() {
        AtomicInteger count = new AtomicInteger();
        return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "qmp-callback-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }
}
