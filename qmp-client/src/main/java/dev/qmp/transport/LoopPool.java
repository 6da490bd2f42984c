package dev.qmp.transport;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The event loops that links of a kind share: each made when it is first needed, ended a little after its last link, so that
 * a client that reconnects does not start a thread each time and an idle program keeps none. A new link goes to the loop
 * that has the fewest.
 *
 * <p>A loop is used without a Netty group round it: a group's end wakes Netty's global executor, whose thread is no daemon.
 */
final class LoopPool {

    static final LoopPool EPOLL = new LoopPool("qmp-io-epoll", EpollIoHandler::newFactory, 1);
    static final LoopPool NIO = new LoopPool("qmp-io-nio", NioIoHandler::newFactory, 1);

    // Their classes load with their first loop.
    static final LoopPool KQUEUE = new LoopPool("qmp-io-kqueue", () -> KQueueIoHandler.newFactory(), 1);
    static final LoopPool JNR = new LoopPool("qmp-io-jnr", () -> JnrChannel.newHandlerFactory(), 1);

    static final List<LoopPool> ALL = List.of(EPOLL, NIO, KQUEUE, JNR);

    private static final String SHARED_PREFIX = "qmp-";

    private static final Duration LINGER = Duration.ofSeconds(1);
    private static final Duration END_PATIENCE = Duration.ofSeconds(5);

    private final String threadName;
    private final Supplier<IoHandlerFactory> handlers;
    private final int most;

    // Guarded by this: opening, closing and shutting down come from any thread.
    private final List<SharedLoop> current = new ArrayList<>();
    private final List<SharedLoop> ending = new ArrayList<>();
    private int made;
    private boolean closed;

    private LoopPool(String threadName, Supplier<IoHandlerFactory> handlers, int most) {
        this.threadName = threadName;
        this.handlers = handlers;
        this.most = most;
    }

    /** A pool of up to {@code loops} loops of the same kind, whose threads bear another name and a number. */
    LoopPool like(String name, int loops) {
        return new LoopPool(name + "-" + threadName.substring(SHARED_PREFIX.length()), handlers, loops);
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

    /** The loops are closed for good, and no link can be opened on them. */
    static final class LoopsClosedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
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

    /** @throws LoopsClosedException once the pool is closed */
    synchronized Lease acquire() {
        if (closed) {
            throw new LoopsClosedException();
        }
        current.removeIf(loop -> loop.loop.netty().isShuttingDown());
        SharedLoop shared = current.stream()
                .min(Comparator.comparingInt(loop -> loop.leases))
                .orElse(null);
        if (shared == null || (shared.leases > 0 && current.size() < most)) {
            made++;
            String name = most == 1 ? threadName : threadName + "-" + made;
            shared = new SharedLoop(new LoopThreads(name), handlers.get());
            current.add(shared);
        }
        shared.leases++;
        return new Lease(this, shared);
    }

    private synchronized void released(SharedLoop shared) {
        if (--shared.leases > 0) {
            return;
        }
        if (closed) {
            endIfIdle(shared);
        } else {
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
        if (shared.leases == 0 && current.contains(shared)) {
            Duration left = LINGER.minusNanos(System.nanoTime() - shared.idleSince);
            if (left.isNegative() || left.isZero()) {
                endIfIdle(shared);
            } else {
                watch(shared, left);
            }
        }
    }

    /** Opens nothing any more; each loop ends with its last link. */
    synchronized void close() {
        closed = true;
        endIfIdle();
    }

    /** Gives up the loops that nobody holds; from here on a new link gets a new one. */
    synchronized void endIfIdle() {
        List.copyOf(current).forEach(this::endIfIdle);
    }

    private synchronized void endIfIdle(SharedLoop shared) {
        if (shared.leases == 0 && current.remove(shared)) {
            ending.removeIf(ended -> ended.loop.netty().isTerminated());
            ending.add(shared);
            shared.loop.netty().shutdownGracefully(0, 0, TimeUnit.SECONDS);
        }
    }

    void awaitEnded() {
        List<SharedLoop> waitFor;
        synchronized (this) {
            waitFor = new ArrayList<>(ending);
            if (closed) {
                waitFor.addAll(current); // their last links are about to go
            }
        }
        for (SharedLoop shared : waitFor) {
            shared.threads.join(END_PATIENCE);
        }
        synchronized (this) {
            ending.removeIf(ended -> ended.loop.netty().isTerminated());
        }
    }
}
