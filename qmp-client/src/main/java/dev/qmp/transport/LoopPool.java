package dev.qmp.transport;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one event loop that all links of a kind share: made for the first, ended a little after the last, so that a client
 * that reconnects does not start a thread each time and an idle program keeps none.
 *
 * <p>A loop is used without a Netty group round it: a group's end wakes Netty's global executor, whose thread is no daemon.
 */
final class LoopPool {

    static final LoopPool EPOLL = new LoopPool("qmp-io-epoll", EpollIoHandler::newFactory);
    static final LoopPool NIO = new LoopPool("qmp-io-nio", NioIoHandler::newFactory);

    private static final Duration LINGER = Duration.ofSeconds(1);
    private static final Duration END_PATIENCE = Duration.ofSeconds(5);

    private final String threadName;
    private final Supplier<IoHandlerFactory> handlers;

    // Guarded by this: opening, closing and shutting down come from any thread.
    private @Nullable SharedLoop current;
    private final List<SharedLoop> ending = new ArrayList<>();

    private LoopPool(String threadName, Supplier<IoHandlerFactory> handlers) {
        this.threadName = threadName;
        this.handlers = handlers;
    }

    /** The right to use the loop until {@link #release}, which may be called more than once. */
    static final class Lease {
        private final LoopPool pool;
        private final SharedLoop shared;
        private final AtomicBoolean released = new AtomicBoolean();

        private Lease(LoopPool pool, SharedLoop shared) {
            this.pool = pool;
            this.shared = shared;
        }

        NettyLoop loop() {
            return shared.loop;
        }

        void release() {
            if (released.compareAndSet(false, true)) {
                pool.released(shared);
            }
        }
    }

    private static final class SharedLoop {
        private final NettyLoop loop;
        private final LoopThreads threads;
        private int leases;
        private long idleSince;
        private boolean watched;

        SharedLoop(LoopThreads threads, IoHandlerFactory handlers) {
            this.threads = threads;
            this.loop = new NettyLoop(new SingleThreadIoEventLoop(null, threads, handlers));
        }
    }

    /** Makes the loop's thread and remembers it: Netty reports a loop as terminated while its thread is still dying. */
    private static final class LoopThreads implements ThreadFactory {
        private final String name;
        private volatile @Nullable Thread thread;

        LoopThreads(String name) {
            this.name = name;
        }

        @Override
        public Thread newThread(Runnable work) {
            Thread made = new FastThreadLocalThread(work, name);
            made.setDaemon(true);
            thread = made;
            return made;
        }

        void join(Duration patience) {
            Thread made = thread;
            if (made == null || made == Thread.currentThread()) {
                return;
            }
            try {
                made.join(patience.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    synchronized Lease acquire() {
        SharedLoop shared = current;
        if (shared == null || shared.loop.netty().isShuttingDown()) {
            shared = new SharedLoop(new LoopThreads(threadName), handlers.get());
            current = shared;
        }
        shared.leases++;
        return new Lease(this, shared);
    }

    private synchronized void released(SharedLoop shared) {
        if (--shared.leases == 0) {
            shared.idleSince = System.nanoTime();
            watch(shared, LINGER);
        }
    }

    /** One timer at most, however often the loop falls idle: it looks again where a link came and went meanwhile. */
    private void watch(SharedLoop shared, Duration delay) {
        if (!shared.watched) {
            shared.watched = true;
            shared.loop.schedule(() -> lingered(shared), delay);
        }
    }

    private synchronized void lingered(SharedLoop shared) {
        shared.watched = false;
        if (shared.leases == 0 && shared == current) {
            Duration left = LINGER.minusNanos(System.nanoTime() - shared.idleSince);
            if (left.isNegative() || left.isZero()) {
                endIfIdle();
            } else {
                watch(shared, left);
            }
        }
    }

    /** Gives the loop up where nobody holds it; from here on a new link gets a new one. */
    synchronized void endIfIdle() {
        SharedLoop shared = current;
        if (shared != null && shared.leases == 0) {
            current = null;
            ending.removeIf(ended -> ended.loop.netty().isTerminated());
            ending.add(shared);
            shared.loop.netty().shutdownGracefully(0, 0, TimeUnit.SECONDS);
        }
    }

    void awaitEnded() {
        List<SharedLoop> waitFor;
        synchronized (this) {
            waitFor = List.copyOf(ending);
        }
        for (SharedLoop shared : waitFor) {
            shared.threads.join(END_PATIENCE);
        }
        synchronized (this) {
            ending.removeIf(ended -> ended.loop.netty().isTerminated());
        }
    }
}
