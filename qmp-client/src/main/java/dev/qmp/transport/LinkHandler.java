package dev.qmp.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes on what Netty tells of one channel: {@code opened} first, {@code closed} last and once.
 *
 * <p>After a failed write the channel goes on reading for a moment: a QEMU that exits while we send leaves its last replies
 * and events in our receive queue, and they count. Implements Netty's interface itself, since its adapter's annotations
 * cost a short program several milliseconds.
 */
final class LinkHandler implements ChannelInboundHandler {

    private static final Logger LOG = LoggerFactory.getLogger(LinkHandler.class);
    private static final long LAST_WORDS_MILLIS = 1_000;

    private final LinkListener listener;
    private final BiConsumer<LinkHandler, Channel> connected;

    private byte[] scratch = new byte[0];
    private @Nullable Throwable cause;
    private boolean told;
    private boolean deaf;
    private boolean closedByUs;

    LinkHandler(LinkListener listener, BiConsumer<LinkHandler, Channel> connected) {
        this.listener = listener;
        this.connected = connected;
    }

    /** Tells the listener; false where it threw, and then the channel is closed and {@link #cause} says why. */
    boolean opened(NettyLink link) {
        told = true;
        try {
            listener.opened(link);
            return true;
        } catch (Throwable e) {
            listenerFailed(link.channel(), e);
            return false;
        }
    }

    /** The connection came too late: it is closed and the listener never hears of it. */
    void abandon(Channel channel) {
        deaf = true;
        channel.close();
    }

    /** From here on the end is our own wish, whatever the operating system says on the way. */
    void closing() {
        closedByUs = true;
    }

    /** Why the link ends, null where it does so in order. */
    @Nullable
    Throwable cause() {
        return cause;
    }

    private void listenerFailed(Channel channel, Throwable failure) {
        if (cause == null) {
            cause = failure;
        }
        deaf = true;
        channel.close();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        connected.accept(this, ctx.channel());
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            if (deaf) {
                return;
            }
            int length = bytes.readableBytes();
            if (scratch.length < length) {
                scratch = new byte[Math.max(length, 2 * scratch.length)];
            }
            bytes.readBytes(scratch, 0, length);
            listener.received(scratch, 0, length);
        } catch (Throwable e) {
            listenerFailed(ctx.channel(), e);
        } finally {
            bytes.release();
        }
    }

    @Override
    @SuppressWarnings("deprecation") // deprecated for outbound handlers only
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
        boolean first = cause == null && !closedByUs;
        if (first) {
            cause = failure;
        }
        if (!(failure instanceof IOException)) {
            ctx.channel().close();
        } else if (first) {
            // After a failed read Netty closes by itself; after a failed write we wait for the peer's end, but not for
            // ever.
            ctx.executor().schedule(() -> ctx.channel().close(), LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end();
        ctx.fireChannelInactive();
    }

    /** The end of a channel that was gone before its cause was known; instead of {@link #channelInactive}. */
    void ended(@Nullable Throwable why) {
        if (cause == null && !closedByUs) {
            cause = why;
        }
        end();
    }

    private void end() {
        if (told) {
            told = false;
            try {
                listener.closed(cause);
            } catch (Throwable e) {
                LOG.warn("a link's listener threw when it was told of the end", e);
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelRegistered(ChannelHandlerContext ctx) {
        ctx.fireChannelRegistered();
    }

    @Override
    public void channelUnregistered(ChannelHandlerContext ctx) {
        ctx.fireChannelUnregistered();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {}

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {}
}
