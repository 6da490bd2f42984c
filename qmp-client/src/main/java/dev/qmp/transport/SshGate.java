package dev.qmp.transport;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.DuplexChannelConfig;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands between ssh's socket and {@link LinkHandler}, which hears of the channel once the far end is open, and of its end
 * once ssh is gone and has said why: it prints that after it has closed our socket.
 */
final class SshGate extends ChannelDuplexHandler {

    private static final long GLANCE_MILLIS = 10;
    /** An old ssh says only that the far end could not be opened: silence for so long means that it could. */
    private static final long SILENCE_MILLIS = 1_000;

    private static final long DRAIN_MILLIS = 1_000;

    private final QmpAddress.Ssh address;
    private final SshTunnel tunnel;
    private final LinkLoop loop;
    private final TlsGate.Refused refused;
    private final LinkHandler top;

    private @Nullable Throwable failed;
    private int beforeOpen;
    private boolean open;
    private boolean closing;
    private boolean finishing;
    private boolean done;

    SshGate(QmpAddress.Ssh address, SshTunnel tunnel, LinkLoop loop, LinkHandler top, TlsGate.Refused refused) {
        this.address = address;
        this.tunnel = tunnel;
        this.loop = loop;
        this.top = top;
        this.refused = refused;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (ctx.channel().config() instanceof DuplexChannelConfig duplex) {
            duplex.setAllowHalfClosure(true);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        look(ctx, System.nanoTime());
    }

    private void look(ChannelHandlerContext ctx, long since) {
        if (open || finishing) {
            return;
        }
        boolean silent =
                !tunnel.tellsOpen() && System.nanoTime() - since > TimeUnit.MILLISECONDS.toNanos(SILENCE_MILLIS);
        if (silent || tunnel.isOpen()) {
            open(ctx);
        } else {
            ctx.executor().schedule(() -> look(ctx, since), GLANCE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void open(ChannelHandlerContext ctx) {
        open = true;
        beforeOpen = tunnel.said().length();
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!open) {
            open(ctx);
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            finish(ctx);
        } else if (!(event instanceof ChannelInputShutdownReadComplete)) {
            ctx.fireUserEventTriggered(event);
        }
    }

    /** A write failed, and what was said before may still be read; or a read did, and the channel closes by itself. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
        if (failed == null) {
            failed = failure;
            ctx.executor().schedule(() -> finish(ctx), DRAIN_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Ends ssh, and with it the link: the end of its process is what makes sure that it has said all that it had to say. */
    private void finish(ChannelHandlerContext ctx) {
        if (!finishing) {
            if (!open && !closing && tunnel.isOpen()) {
                open(ctx); // its end came before our next look
            }
            finishing = true;
            tunnel.end().whenComplete((gone, failure) -> loop.execute(() -> finished(ctx)));
        }
    }

    private void finished(ChannelHandlerContext ctx) {
        if (done) {
            return;
        }
        done = true;
        if (!open) {
            refused.because(tunnel.failure(address));
        } else if (!ctx.channel().isActive()) {
            top.ended(closing ? null : cause());
        } else {
            Throwable cause = closing ? null : cause();
            if (cause != null) {
                ctx.fireExceptionCaught(cause);
            }
        }
        ctx.close();
    }

    private @Nullable Throwable cause() {
        Optional<String> last = SshFailures.last(tunnel.saidSinceOpen(beforeOpen));
        if (last.isPresent()) {
            return new IOException("ssh: " + last.get(), failed);
        }
        return tunnel.wasKilled() ? new IOException("the ssh process was killed", failed) : failed;
    }

    /** The JDK's channels know no half an end and close at once: the pipeline is gone by the time that ssh is. */
    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        finish(ctx);
        if (done) {
            ctx.fireChannelInactive();
        }
    }

    /**
     * What ssh has taken from us is not yet on its way: only the far end's answer to our end tells that it has arrived, and
     * a QEMU ends the connection then. So ssh is ended after that, or after a moment.
     */
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        ctx.channel().closeFuture().addListener(closed -> promise.trySuccess());
        if (closing) {
            return;
        }
        closing = true;
        if (open && !finishing) {
            ((DuplexChannel) ctx.channel()).shutdownOutput();
            ctx.executor().schedule(() -> finish(ctx), DRAIN_MILLIS, TimeUnit.MILLISECONDS);
        } else if (!open) {
            done = true; // an attempt that is over; whoever makes the next one has the tunnel
            ctx.close();
        }
    }
}
