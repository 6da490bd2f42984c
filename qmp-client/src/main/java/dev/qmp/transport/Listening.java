package dev.qmp.transport;

import dev.qmp.error.ConnectFailedException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.FileAlreadyExistsException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@link Transports#listen}: from an address to the link of the first one who calls there, or a reason why not.
 * Confined to the link's loop but for {@link #start}.
 */
final class Listening {

    private final QmpAddress address;
    private final Channels channels;
    private final TransportOptions options;
    private final LinkListener listener;
    private final CompletableFuture<Link> opened;
    private final ListeningPlace place;
    private final LoopPool.Lease lease;
    private final NettyLoop loop;

    private @Nullable Channel server;
    private LinkLoop.@Nullable Timer deadline;
    private boolean over;

    Listening(
            QmpAddress address,
            Channels channels,
            TransportOptions options,
            LinkListener listener,
            CompletableFuture<Link> opened) {
        this.address = address;
        this.channels = channels;
        this.options = options;
        this.listener = listener;
        this.opened = opened;
        this.place = ListeningPlace.of(address);
        this.lease = options.loops().instead(channels.pool()).acquire();
        this.loop = lease.loop();
    }

    /** Returns when the socket listens, or when it is clear that it cannot. */
    void start() {
        SocketAddress where;
        try {
            channels.check(place.bound());
            where = socketAddress();
            place.prepare();
        } catch (RuntimeException e) {
            lease.release();
            throw e;
        }
        opened.whenComplete((link, failure) -> loop.execute(this::stop));
        ChannelFuture bound = bootstrap().bind(where);
        CompletableFuture<Boolean> settled = new CompletableFuture<>();
        bound.addListener(done -> {
            bound(bound);
            settled.complete(true);
        });
        if (!loop.inLoop()) {
            settled.join();
        }
    }

    private SocketAddress socketAddress() {
        return address instanceof QmpAddress.Tcp tcp
                ? new InetSocketAddress(tcp.host(), tcp.port())
                : channels.unixAddress(place.bound());
    }

    private ServerBootstrap bootstrap() {
        return new ServerBootstrap()
                .group(loop.netty(), loop.netty())
                .channelFactory(() -> channels.newServerChannel(address))
                .option(ChannelOption.SO_BACKLOG, 1)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel caller) {
                        caller.pipeline().addLast(new LinkHandler(listener, Listening.this::called));
                    }
                })
                .childOption(ChannelOption.ALLOCATOR, LinkBuffers.ALLOCATOR)
                .childOption(ChannelOption.AUTO_CLOSE, false);
    }

    private void bound(ChannelFuture bound) {
        if (!bound.isSuccess()) {
            bound.channel().close();
            fail(ListenFailures.of(address, bound.cause()));
            return;
        }
        server = bound.channel();
        try {
            place.publish();
        } catch (FileAlreadyExistsException e) {
            fail(ListenFailures.taken(address));
            return;
        } catch (IOException | RuntimeException e) {
            fail(ListenFailures.of(address, e));
            return;
        }
        if (opened.isDone()) {
            stop();
        } else {
            deadline = loop.schedule(
                    () -> fail(ListenFailures.nobodyCalled(address, options.connectTimeout())),
                    options.connectTimeout());
        }
    }

    /** The first caller who may is the one; whoever else is in the queue goes with the listening socket. */
    private void called(LinkHandler handler, Channel caller) {
        if (opened.isDone() || over || !mayCall(caller)) {
            handler.abandon(caller);
            return;
        }
        over = true;
        stopListening();
        caller.closeFuture().addListener(closed -> lease.release());
        NettyLink link = new NettyLink(caller, loop, handler, channels, true);
        if (handler.opened(link)) {
            if (!opened.complete(link)) {
                link.close(); // cancelled meanwhile
            }
        } else {
            opened.completeExceptionally(ListenFailures.of(address, handler.cause()));
        }
    }

    /** Between bind(2) and chmod(2) the file may have been open to others: the kernel says who it is. */
    private boolean mayCall(Channel caller) {
        Optional<PeerCredentials> who = channels.peer(caller);
        return who.isEmpty() || place.admits(who.get().uid());
    }

    private void fail(ConnectFailedException failure) {
        if (!over) {
            over = true;
            stopListening();
            lease.release();
            opened.completeExceptionally(failure);
        }
    }

    /** The future is done: by us, or because nobody wants it any more. */
    private void stop() {
        stopListening();
        if (!over) {
            over = true;
            lease.release();
        }
    }

    private void stopListening() {
        if (deadline != null) {
            deadline.cancel();
            deadline = null;
        }
        Channel listening = server;
        if (listening != null) {
            server = null;
            place.leave();
            listening.close();
        }
    }
}
