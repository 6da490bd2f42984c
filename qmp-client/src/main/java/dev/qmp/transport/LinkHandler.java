package dev.qmp.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.PeerCredentials;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Between Netty's channel and a link's listener; nothing else is in the pipeline. */
final class LinkHandler extends ChannelInboundHandlerAdapter {

    private final LinkListener listener;
    private final CompletableFuture<Link> opened;
    private byte[] copy = new byte[0];
    private @Nullable Throwable cause;
    private boolean told;

    LinkHandler(LinkListener listener, CompletableFuture<Link> opened) {
        this.listener = listener;
        this.opened = opened;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        told = true;
        Link link = new ChannelLink(context.channel(), peer(context.channel()));
        listener.opened(link);
        if (!opened.complete(link)) {
            context.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf buffer = (ByteBuf) message;
        try {
            int length = buffer.readableBytes();
            if (buffer.hasArray()) {
                listener.received(buffer.array(), buffer.arrayOffset() + buffer.readerIndex(), length);
            } else {
                if (copy.length < length) {
                    copy = new byte[length];
                }
                buffer.readBytes(copy, 0, length);
                listener.received(copy, 0, length);
            }
        } finally {
            buffer.release();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        if (cause == null) {
            cause = failure;
        }
        context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (told) {
            told = false;
            listener.closed(cause);
        }
    }

    private static Optional<dev.qmp.transport.PeerCredentials> peer(Channel channel) {
        if (!(channel instanceof EpollDomainSocketChannel unix)) {
            return Optional.empty();
        }
        try {
            PeerCredentials peer = unix.peerCredentials();
            int[] gids = peer.gids();
            return Optional.of(
                    new dev.qmp.transport.PeerCredentials(peer.pid(), peer.uid(), gids.length == 0 ? -1 : gids[0]));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The link's face to the layers above. */
    private static final class ChannelLink implements Link {

        private final Channel channel;
        private final LinkLoop loop;
        private final Optional<dev.qmp.transport.PeerCredentials> peer;

        ChannelLink(Channel channel, Optional<dev.qmp.transport.PeerCredentials> peer) {
            this.channel = channel;
            this.loop = new EventLoopLinkLoop(channel.eventLoop());
            this.peer = peer;
        }

        @Override
        public LinkLoop loop() {
            return loop;
        }

        @Override
        public void send(byte[] bytes) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(bytes))
                    .addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
        }

        @Override
        public void close() {
            channel.close();
        }

        @Override
        public Optional<dev.qmp.transport.PeerCredentials> peer() {
            return peer;
        }
    }
}
