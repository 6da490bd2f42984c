package dev.qmp.session;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where big documents are read: few threads, because each holds a whole document and its tree, and nothing that they do
 * waits for anything. Daemons, made when needed, gone after a few idle seconds.
 */
final class DecodingThreads {

    private static final ThreadPoolExecutor POOL = create();

    private DecodingThreads() {}

    static void execute(Runnable task) {
        POOL.execute(task);
    }

    private static ThreadPoolExecutor create() {
        AtomicInteger count = new AtomicInteger();
        int most = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(most, most, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "qmp-decode-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
