package dev.qmp.transport;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one I/O thread of each transport, shared by all links of the process. It starts with the first link and ends a while
 * after the last one, so that an idle process keeps no thread and one that reconnects makes no new thread each time.
 */
final class IoThreads {

    static final IoThreads EPOLL = new IoThreads("qmp-io-epoll", EpollIoHandler::newFactory);
    static final IoThreads NIO = new IoThreads("qmp-io-nio", NioIoHandler::newFactory);

    private static final Duration LINGER = Duration.ofSeconds(1);

    private final String name;
    private final Supplier<IoHandlerFactory> handlers;
    private @Nullable MultiThreadIoEventLoopGroup group;
    private int links;
    private long releases;

    private IoThreads(String name, Supplier<IoHandlerFactory> handlers) {
        this.name = name;
        this.handlers = handlers;
    }

    /** A group for one more link; {@link #release} gives it back. */
    synchronized MultiThreadIoEventLoopGroup acquire() {
        MultiThreadIoEventLoopGroup current = group;
        if (current == null) {
            current = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory(name, true), handlers.get());
            group = current;
        }
        links++;
        return current;
    }

    synchronized void release() {
        links--;
        long mine = ++releases;
        if (links == 0) {
            CompletableFuture.delayedExecutor(LINGER.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(() -> endIfIdleSince(mine));
        }
    }

    private void endIfIdleSince(long release) {
        MultiThreadIoEventLoopGroup idle;
        synchronized (this) {
            if (links > 0 || releases != release) {
                return;
            }
            idle = group;
            group = null;
        }
        if (idle != null) {
            idle.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        }
    }

    void shutdown() {
        MultiThreadIoEventLoopGroup idle;
        synchronized (this) {
            if (links > 0) {
                return;
            }
            idle = group;
            group = null;
        }
        if (idle != null) {
            idle.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
        }
    }
}
