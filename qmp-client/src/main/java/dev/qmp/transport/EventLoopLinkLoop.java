package dev.qmp.transport;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Netty's loop as the layers above see it. */
final class EventLoopLinkLoop implements LinkLoop {

    private final EventLoop loop;

    EventLoopLinkLoop(EventLoop loop) {
        this.loop = loop;
    }

    @Override
    public boolean inLoop() {
        return loop.inEventLoop();
    }

    /** Runs the task on the loop, or on the calling thread once the loop has ended: its link is closed by then. */
    @Override
    public void execute(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            synchronized (this) {
                task.run();
            }
        }
    }

    @Override
    public Timer schedule(Runnable action, Duration delay) {
        ScheduledFuture<?> scheduled = loop.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }
}
