package dev.qmp.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** A link on a Netty channel of any kind. */
final class NettyLink implements Link {

    private static final long DRAIN_MILLIS = 1_000;

    private final Channel channel;
    private final NettyLoop loop;
    private final LinkHandler handler;
    private final Channels channels;
    private final boolean direct;

    private Optional<PeerCredentials> peer = Optional.empty();
    private boolean peerAsked;
    private boolean closing;

    /** Direct is a channel that leads to the peer itself, and not to a helper of ours that has the link to it. */
    NettyLink(Channel channel, NettyLoop loop, LinkHandler handler, Channels channels, boolean direct) {
        this.channel = channel;
        this.loop = loop;
        this.handler = handler;
        this.channels = channels;
        this.direct = direct;
    }

    Channel channel() {
        return channel;
    }

    @Override
    public LinkLoop loop() {
        return loop;
    }

    @Override
    public void send(byte[] bytes) {
        requireLoop();
        if (closing || !channel.isActive()) {
            return; // the listener hears, or has heard, of the end
        }
        // Copied to direct memory once, here: from the heap, the JDK would copy all of what is left at every partial
        // write.
        ByteBuf direct = LinkBuffers.ALLOCATOR.directBuffer(bytes.length);
        direct.writeBytes(bytes);
        // The void promise costs nothing and takes a failure to LinkHandler.exceptionCaught.
        channel.writeAndFlush(direct, channel.voidPromise());
    }

    @Override
    public void reading(boolean wanted) {
        requireLoop();
        channel.config().setAutoRead(wanted);
    }

    @Override
    public boolean passesDescriptors() {
        requireLoop();
        return socket().isPresent();
    }

    private OptionalInt socket() {
        return direct ? channels.descriptor(channel) : OptionalInt.empty();
    }

    @Override
    public void send(byte[] bytes, DescriptorSet descriptors) {
        requireLoop();
        if (bytes.length == 0) {
            throw new IllegalArgumentException("descriptors travel with a byte, and there is none");
        }
        OptionalInt socket = socket();
        if (socket.isEmpty()) {
            Link.super.send(bytes, descriptors);
            return;
        }
        DescriptorSet own = descriptors.handOver();
        if (closing || !channel.isActive()) {
            own.close();
            return;
        }
        channel.writeAndFlush(new DescriptorMessage(socket.getAsInt(), bytes, own), channel.voidPromise());
    }

    @Override
    public void close() {
        requireLoop();
        if (closing) {
            return;
        }
        closing = true;
        handler.closing();
        // Netty's close would drop what the kernel has not taken yet.
        ChannelFuture drained = channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
        if (drained.isDone()) {
            channel.close();
        } else {
            drained.addListener(done -> channel.close());
            channel.eventLoop().schedule(() -> channel.close(), DRAIN_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public Optional<PeerCredentials> peer() {
        requireLoop();
        if (!peerAsked) {
            peerAsked = true;
            peer = direct ? channels.peer(channel) : Optional.empty();
        }
        return peer;
    }

    private void requireLoop() {
        if (!loop.inLoop()) {
            throw new IllegalStateException("a link is to be used on its loop only, not on "
                    + Thread.currentThread().getName());
        }
    }
}
