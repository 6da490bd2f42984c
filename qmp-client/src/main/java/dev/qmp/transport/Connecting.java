package dev.qmp.transport;

import dev.qmp.error.ConnectFailedException;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
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
import java.util.concurrent.Callable;
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
    private @Nullable TlsLayer tls;
    private @Nullable SshOpening ssh;
    private @Nullable SshTunnel tunnel;
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
            deadline = loop.schedule(() -> fail(timedOut(timeout)), timeout);
            opened.whenComplete((link, failure) -> loop.execute(this::giveUp));
            try {
                if (address instanceof QmpAddress.Tcp tcp) {
                    resolve(tcp.host(), tcp.port());
                    return;
                } else if (address instanceof QmpAddress.Tls secured) {
                    aside("qmp-tls", () -> TlsLayer.prepare(secured, options.tls()), prepared -> {
                        tls = prepared;
                        resolve(secured.host(), secured.port());
                    });
                    return;
                } else if (address instanceof QmpAddress.Ssh remote) {
                    ssh = new SshOpening(remote, options.ssh(), loop, this::forwarded, this::fail);
                    ssh.start(true);
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

    private void forwarded(SshTunnel listening) {
        tunnel = listening;
        tryEach(List.of(channels.unixAddress(QmpAddress.unix(listening.socket())))
                .iterator());
    }

    private ConnectFailedException timedOut(Duration timeout) {
        if (ssh != null) {
            return ssh.timedOut(timeout);
        }
        boolean shaking = attempt != null && attempt.isActive();
        return shaking && address instanceof QmpAddress.Tls secured
                ? TlsFailures.silent(secured, timeout)
                : ConnectFailures.timedOut(address, timeout);
    }

    private void resolve(String host, int port) throws UnknownHostException {
        // Netty drops the zone of fe80::1%eth0; the JDK reads it.
        byte[] literal = host.indexOf('%') >= 0 ? null : NetUtil.createByteArrayFromIpAddressString(host);
        if (literal != null) {
            tryEach(List.<SocketAddress>of(new InetSocketAddress(InetAddress.getByAddress(literal), port))
                    .iterator());
            return;
        }
        aside(
                "qmp-resolve",
                () -> InetAddress.getAllByName(host),
                found -> tryEach(Arrays.stream(found)
                        .<SocketAddress>map(one -> new InetSocketAddress(one, port))
                        .iterator()));
    }

    /** What then happens on the loop with a result. */
    private interface Step<T> {
        void take(T result) throws Exception;
    }

    /** A look-up, or a file, can block for as long as it likes, so that it gets a thread of its own and never the loop. */
    private <T> void aside(String name, Callable<T> blocking, Step<T> next) {
        Thread thread = new Thread(
                () -> {
                    try {
                        T result = blocking.call();
                        loop.execute(() -> step(next, result));
                    } catch (Throwable e) {
                        loop.execute(() -> fail(failed(e)));
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private <T> void step(Step<T> next, T result) {
        try {
            if (!opened.isDone()) {
                next.take(result);
            }
        } catch (Throwable e) {
            fail(failed(e));
        }
    }

    private ConnectFailedException failed(Throwable cause) {
        if (cause instanceof ConnectFailedException known) {
            return known;
        }
        return cause instanceof UnknownHostException
                ? ConnectFailures.of(address, cause)
                : ConnectFailures.other(address, cause);
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
            connected = bootstrap()
                    .channelFactory(overTcp() ? channels::newTcpChannel : channels::newUnixChannel)
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
            } else if (ssh != null && tunnel != null) {
                ssh.lookAgain(tunnel);
            } else {
                fail(ConnectFailures.of(address, done.cause()));
            }
        });
    }

    private Bootstrap bootstrap() {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop.netty())
                .disableResolver()
                .handler(layers(new LinkHandler(listener, this::connected)))
                .option(ChannelOption.ALLOCATOR, LinkBuffers.ALLOCATOR)
                .option(ChannelOption.RECVBUF_ALLOCATOR, LinkBuffers.READS)
                // Our own deadline spans the look-up and all attempts.
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                // A failed write must not throw away what the peer said before it went: see LinkHandler.
                .option(ChannelOption.AUTO_CLOSE, false);
        return overTcp()
                ? bootstrap.option(ChannelOption.TCP_NODELAY, true).option(ChannelOption.SO_KEEPALIVE, true)
                : bootstrap;
    }

    private boolean overTcp() {
        return address instanceof QmpAddress.Tcp || address instanceof QmpAddress.Tls;
    }

    private ChannelHandler layers(LinkHandler top) {
        TlsLayer secure = tls;
        SshTunnel through = tunnel;
        if (secure == null && through == null) {
            return top;
        }
        return new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                if (secure != null) {
                    secure.addTo(channel, Connecting.this::fail);
                } else if (through != null && address instanceof QmpAddress.Ssh remote) {
                    channel.pipeline().addLast(new SshGate(remote, through, loop, top, Connecting.this::fail));
                }
                channel.pipeline().addLast(top);
            }
        };
    }

    /** Called when a channel has become active and its layers are ready, before anything is read from it. */
    private void connected(LinkHandler handler, Channel channel) {
        if (opened.isDone()) {
            handler.abandon(channel);
            return;
        }
        channel.closeFuture().addListener(closed -> lease.release());
        attempt = null; // from here on the link's owner decides when it ends
        NettyLink link = new NettyLink(channel, loop, handler, channels, tunnel == null);
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
            if (ssh != null) {
                ssh.giveUp();
            }
            lease.release();
        }
    }
}
