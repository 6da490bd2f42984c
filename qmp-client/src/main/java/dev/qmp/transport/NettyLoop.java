package dev.qmp.transport;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A Netty event loop behind our own seam, with an afterlife. The thread ends soon after the last link, while somebody may
 * still hold a closed client and call it: such an action runs on the caller's thread, one at a time, in order.
 */
final class NettyLoop implements LinkLoop {

    private final EventLoop loop;

    private final Queue<Runnable> late = new ArrayDeque<>();
    private volatile @Nullable Thread lateRunner;

    NettyLoop(EventLoop loop) {
        this.loop = loop;
    }

    EventLoop netty() {
        return loop;
    }

    @Override
    public boolean inLoop() {
        return loop.inEventLoop() || lateRunner == Thread.currentThread();
    }

    @Override
    public void execute(Runnable action) {
        try {
            loop.execute(action);
        } catch (RejectedExecutionException gone) {
            if (!loop.inEventLoop()) {
                loop.terminationFuture().awaitUninterruptibly();
            }
            runLate(action);
        }
    }

    @Override
    public Timer schedule(Runnable action, Duration delay) {
        try {
            Future<?> scheduled = loop.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        } catch (RejectedExecutionException gone) {
            return () -> {};
        }
    }

    private void runLate(Runnable action) {
        synchronized (late) {
            late.add(action);
            if (lateRunner != null) {
                return;
            }
            lateRunner = Thread.currentThread();
        }
        RuntimeException failure = null;
        for (Runnable next = nextLate(); next != null; next = nextLate()) {
            try {
                next.run();
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private @Nullable Runnable nextLate() {
        synchronized (late) {
            Runnable next = late.poll();
            if (next == null) {
                lateRunner = null;
            }
            return next;
        }
    }
}
