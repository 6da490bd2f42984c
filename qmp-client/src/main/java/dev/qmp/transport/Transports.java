package dev.qmp.transport;

import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.Epoll;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Opens links. */
public final class Transports {

    private Transports() {}

    /**
     * Opens a link and tells {@code listener} of everything on it. The future completes on the link's loop, after
     * {@link LinkListener#opened}, or fails with {@link ConnectFailedException} and nothing else; nothing is then left open.
     */
    public static CompletableFuture<Link> open(
            QmpAddress address, TransportKind kind, Duration connectTimeout, LinkListener listener) {
        try {
            return connect(channelType(address, kind), address, connectTimeout, listener);
        } catch (ConnectFailedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * Ends the I/O threads of links that are closed, and waits for that. Threads without a link end by themselves after a
     * moment; a program that is about to exit calls this first, because the JVM's exit waits 300 ms for a thread in epoll_wait.
     */
    public static void shutdown() {
        IoThreads.EPOLL.shutdown();
        IoThreads.NIO.shutdown();
    }

    private static ChannelType channelType(QmpAddress address, TransportKind kind) {
        boolean epoll = kind == TransportKind.EPOLL || (kind == TransportKind.AUTO && Epoll.isAvailable());
        if (epoll && !Epoll.isAvailable()) {
            throw new ConnectFailedException(
                    address.toString(),
                    Reason.BAD_ADDRESS,
                    "the epoll transport cannot be used here: "
                            + Epoll.unavailabilityCause().getMessage(),
                    "use the nio transport",
                    Epoll.unavailabilityCause());
        }
        return epoll ? ChannelType.epoll(address) : ChannelType.nio(address);
    }

    private static CompletableFuture<Link> connect(
            ChannelType type, QmpAddress address, Duration connectTimeout, LinkListener listener) {
        CompletableFuture<Link> opened = new CompletableFuture<>();
        IoThreads threads = type.threads();
        LinkHandler handler = new LinkHandler(listener, opened);
        SocketAddress remote = type.remote();
        Bootstrap bootstrap = new Bootstrap()
                .group(threads.acquire())
                .channelFactory(type.factory())
                .handler(handler)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        Math.min(Integer.MAX_VALUE, Math.max(1, connectTimeout.toMillis())));
        if (address instanceof QmpAddress.Tcp) {
            bootstrap.option(ChannelOption.TCP_NODELAY, true);
        }
        ChannelFuture connecting;
        try {
            connecting = bootstrap.connect(remote);
        } catch (RuntimeException e) {
            threads.release();
            throw ConnectFailures.explain(address, e);
        }
        Channel channel = connecting.channel();
        channel.closeFuture().addListener(closed -> threads.release());
        connecting.addListener(done -> {
            @Nullable Throwable failure = done.cause();
            if (failure != null) {
                opened.completeExceptionally(ConnectFailures.explain(address, failure));
            }
        });
        return opened;
    }
}
