package dev.qmp.transport;

import dev.qmp.error.ConnectFailedException;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One call of {@link Transports#open}: from an address to a link or a reason why not. Confined to the link's loop. */
final class Connecting {

    private final QmpAddress address;
    private final Channels channels;
    private final TransportOptions options;
    private final LinkListener listener;
    private final CompletableFuture<Link> opened;
    private final LoopPool.Lease lease;
    private final NettyLoop loop;

    private LinkLoop.@Nullable Timer deadline;
    private @Nullable Channel attempt;
    private boolean over;

    Connecting(
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
        this.lease = options.loops().instead(channels.pool()).acquire();
        this.loop = lease.loop();
    }

    void start() {
        loop.execute(() -> {
            Duration timeout = options.connectTimeout();
            deadline = loop.schedule(() -> fail(ConnectFailures.timedOut(address, timeout)), timeout);
            opened.whenComplete((link, failure) -> loop.execute(this::giveUp));
            try {
                if (address instanceof QmpAddress.Tcp tcp) {
                    resolve(tcp);
                    return;
                }
                Optional<Channel> connected = channels.connected(address);
                if (connected.isPresent()) {
                    register(connected.get());
                } else {
                    tryEach(List.of(channels.unixAddress(address)).iterator());
                }
            } catch (ConnectFailedException e) {
                fail(e);
            } catch (IOException e) {
                fail(ConnectFailures.of(address, e));
            } catch (Throwable e) {
                fail(ConnectFailures.other(address, e));
            }
        });
    }

    /** A look-up can block for as long as the resolver likes, so that it gets a thread of its own and never the loop. */
    private void resolve(QmpAddress.Tcp tcp) throws UnknownHostException {
        // Netty drops the zone of fe80::1%eth0; the JDK reads it.
        byte[] literal = tcp.host().indexOf('%') >= 0 ? null : NetUtil.createByteArrayFromIpAddressString(tcp.host());
        if (literal != null) {
            tryEach(List.<SocketAddress>of(new InetSocketAddress(InetAddress.getByAddress(literal), tcp.port()))
                    .iterator());
            return;
        }
        Thread resolver = new Thread(
                () -> {
                    try {
                        List<SocketAddress> found = Arrays.stream(InetAddress.getAllByName(tcp.host()))
                                .<SocketAddress>map(host -> new InetSocketAddress(host, tcp.port()))
                                .toList();
                        loop.execute(() -> tryEach(found.iterator()));
                    } catch (UnknownHostException e) {
                        loop.execute(() -> fail(ConnectFailures.of(address, e)));
                    } catch (Throwable e) {
                        loop.execute(() -> fail(ConnectFailures.other(address, e)));
                    }
                },
                "qmp-resolve");
        resolver.setDaemon(true);
        resolver.start();
    }

    /** Netty tells the handler that the channel is active, since it is, once the loop has taken it on. */
    private void register(Channel connected) {
        attempt = connected;
        bootstrap().channelFactory(() -> connected).register().addListener(done -> {
            if (!done.isSuccess()) {
                connected.close();
                fail(ConnectFailures.of(address, done.cause()));
            }
        });
    }

    /** A name may stand for several addresses (localhost: ::1 and 127.0.0.1): the last one's failure is reported. */
    private void tryEach(Iterator<SocketAddress> left) {
        if (opened.isDone()) {
            return;
        }
        SocketAddress next = left.next();
        ChannelFuture connected;
        try {
            boolean tcp = address instanceof QmpAddress.Tcp;
            connected = bootstrap()
                    .channelFactory(tcp ? channels::newTcpChannel : channels::newUnixChannel)
                    .connect(next);
        } catch (Throwable e) {
            fail(ConnectFailures.other(address, e));
            return;
        }
        attempt = connected.channel();
        connected.addListener(done -> {
            if (done.isSuccess()) {
                return; // the handler has been told already, or is about to be
            }
            connected.channel().close();
            if (left.hasNext()) {
                tryEach(left);
            } else {
                fail(ConnectFailures.of(address, done.cause()));
            }
        });
    }

    private Bootstrap bootstrap() {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop.netty())
                .disableResolver()
                .handler(new LinkHandler(listener, this::connected))
                .option(ChannelOption.ALLOCATOR, LinkBuffers.ALLOCATOR)
                // Our own deadline spans the look-up and all attempts.
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                // A failed write must not throw away what the peer said before it went: see LinkHandler.
                .option(ChannelOption.AUTO_CLOSE, false);
        return address instanceof QmpAddress.Tcp
                ? bootstrap.option(ChannelOption.TCP_NODELAY, true).option(ChannelOption.SO_KEEPALIVE, true)
                : bootstrap;
    }

    /** Called when a channel has become active, before anything is read from it. */
    private void connected(LinkHandler handler, Channel channel) {
        if (opened.isDone()) {
            handler.abandon(channel);
            return;
        }
        channel.closeFuture().addListener(closed -> lease.release());
        attempt = null; // from here on the link's owner decides when it ends
        NettyLink link = new NettyLink(channel, loop, handler, channels);
        if (handler.opened(link)) {
            if (!opened.complete(link)) {
                link.close(); // cancelled meanwhile
            }
        } else {
            fail(ConnectFailures.other(address, handler.cause()));
        }
    }

    private void fail(ConnectFailedException failure) {
        // Closing the attempt fails it once more, and what hangs on the future may open the next link.
        if (!over) {
            over = true;
            giveUp();
            opened.completeExceptionally(failure);
        }
    }

    private void giveUp() {
        if (deadline != null) {
            deadline.cancel();
            deadline = null;
        }
        Channel unfinished = attempt;
        if (unfinished != null) {
            attempt = null;
            unfinished.close();
        }
        if (opened.isCompletedExceptionally() || !opened.isDone()) {
            lease.release();
        }
    }
}
