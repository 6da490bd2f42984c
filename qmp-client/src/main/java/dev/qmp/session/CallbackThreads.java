package dev.qmp.session;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The home of user code: a few daemon threads, started when needed and gone after five idle seconds, however many sessions
 * there are. Thread-safe.
 *
 * <p>Tasks beyond the threads wait in order. User code may block, and may wait for another callback; so where tasks wait and
 * none has begun for a tenth of a second, threads are added, half as many again each time, until tasks move. Only {@link #MOST}
 * callbacks that block at the same time bring the others to a stop, until one of them returns.
 */
public final class CallbackThreads implements Executor {

    /** So many threads at most, with those that were added because others block. */
    public static final int MOST = 1_000;

    static final Duration STALL = Duration.ofMillis(100);

    private static final CallbackThreads SHARED =
            new CallbackThreads("qmp-callback", defaultThreads(), TimerThread.shared());

    private final int usual;
    private final int most;
    private final Timers timers;
    private final ThreadPoolExecutor pool;
    private final AtomicLong begun = new AtomicLong();
    private final AtomicBoolean watching = new AtomicBoolean();

    /** {@code usual} threads for callbacks that do not block, named {@code name} and a number. */
    public CallbackThreads(String name, int usual, Timers timers) {
        this(name, usual, MOST, timers);
    }

    CallbackThreads(String name, int usual, int most, Timers timers) {
        if (usual < 1 || usual > most) {
            throw new IllegalArgumentException("callbacks need from 1 to " + most + " threads: " + usual);
        }
        this.usual = usual;
        this.most = most;
        this.timers = timers;
        AtomicInteger count = new AtomicInteger();
        this.pool =
                new ThreadPoolExecutor(
                        usual,
                        most,
                        5,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        task -> new Own(this, task, name + "-" + count.incrementAndGet())) {
                    @Override
                    protected void beforeExecute(Thread thread, Runnable task) {
                        begun.incrementAndGet();
                        watchIfWaiting();
                    }
                };
        pool.allowCoreThreadTimeOut(true);
    }

    private static final class Own extends Thread {
        private final CallbackThreads owner;

        Own(CallbackThreads owner, Runnable task, String name) {
            super(task, name);
            this.owner = owner;
            setDaemon(true);
        }
    }

    /** One pool for everybody in this process who has none of their own. */
    public static CallbackThreads shared() {
        return SHARED;
    }

    /** Twice the processors, and four at least. */
    public static int defaultThreads() {
        return Math.max(4, 2 * Runtime.getRuntime().availableProcessors());
    }

    /**
     * Runs the task on one of the threads, as soon as one is free.
     *
     * @throws RejectedExecutionException after {@link #close}
     */
    @Override
    public void execute(Runnable task) {
        pool.execute(task);
        watchIfWaiting();
    }

    /** How many threads there are now. */
    public int threads() {
        return pool.getPoolSize();
    }

    /** Whether the calling thread is one of these. */
    public boolean isCurrent() {
        return Thread.currentThread() instanceof Own own && own.owner == this;
    }

    /**
     * Takes no more tasks, runs those it has, and waits for the threads to end; those that have not after {@code patience} are
     * interrupted. On a thread of its own it does not wait.
     */
    public void close(Duration patience) {
        pool.shutdown();
        if (isCurrent()) {
            return;
        }
        try {
            if (!pool.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                pool.shutdownNow();
            }
        } catch (InterruptedException e) {
            pool.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /** Whatever waits is watched: a thread that seems free may be about to end. */
    private void watchIfWaiting() {
        if (!pool.getQueue().isEmpty()) {
            watch();
        }
    }

    private void watch() {
        if (watching.compareAndSet(false, true)) {
            look(begun.get());
        }
    }

    private void look(long begunBefore) {
        timers.schedule(() -> looked(begunBefore), STALL);
    }

    private void looked(long begunBefore) {
        int waiting = pool.getQueue().size();
        if (waiting == 0) {
            pool.setCorePoolSize(usual); // those that were added go when they are free
            watching.set(false);
            if (!pool.getQueue().isEmpty()) {
                watch();
            }
            return;
        }
        long now = begun.get();
        if (now == begunBefore) {
            int size = pool.getPoolSize();
            pool.setCorePoolSize(Math.min(most, size + Math.max(1, Math.min(waiting, size / 2))));
            // It adds none where the number was that high already, by an earlier look or before a thread ended.
            pool.prestartCoreThread();
        }
        look(now);
    }
}
