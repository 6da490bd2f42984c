package dev.qmp.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.FileRegion;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.nio.AbstractNioByteChannel;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.Optional;
import jnr.enxio.channels.NativeSelectorProvider;
import jnr.unixsocket.Credentials;
import jnr.unixsocket.UnixSocketChannel;
import jnr.unixsocket.UnixSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * A connected socket of jnr-unixsocket as a channel of Netty's: Netty's own channel for UNIX sockets takes the JDK's alone
 * (4.2.18 asks it for options that jnr's refuses).
 */
final class JnrChannel extends AbstractNioByteChannel {

    /** jnr copies all that is left of a buffer at each write; a long document would be copied over and over. */
    private static final int WRITE_AT_ONCE = 128 * 1024;

    private final DefaultChannelConfig config = new DefaultChannelConfig(this);
    private final UnixSocketChannel socket;

    private JnrChannel(UnixSocketChannel socket) {
        super(null, socket);
        this.socket = socket;
    }

    /** Takes the socket over, and closes it where that fails. */
    static JnrChannel of(UnixSocketChannel connected) throws IOException {
        try {
            return new JnrChannel(connected);
        } catch (RuntimeException e) {
            connected.close();
            throw e;
        }
    }

    /** What waits for such channels: jnr's selector, by poll(2). */
    static IoHandlerFactory newHandlerFactory() {
        return NioIoHandler.newFactory(NativeSelectorProvider.getInstance(), DefaultSelectStrategyFactory.INSTANCE);
    }

    int descriptor() {
        return socket.getFD();
    }

    Optional<PeerCredentials> peer() {
        try {
            Credentials peer = socket.getOption(UnixSocketOptions.SO_PEERCRED);
            return peer == null
                    ? Optional.empty()
                    : Optional.of(new PeerCredentials(peer.getPid(), peer.getUid(), peer.getGid()));
        } catch (IOException | RuntimeException e) {
            return Optional.empty(); // closed meanwhile, or a system that does not tell
        }
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isActive() {
        return socket.isOpen() && socket.isConnected();
    }

    @Override
    protected int doReadBytes(ByteBuf into) throws Exception {
        int room = into.writableBytes();
        unsafe().recvBufAllocHandle().attemptedBytesRead(room);
        return into.writeBytes(socket, room);
    }

    @Override
    protected int doWriteBytes(ByteBuf from) throws Exception {
        return from.readBytes(socket, Math.min(from.readableBytes(), WRITE_AT_ONCE));
    }

    @Override
    protected long doWriteFileRegion(FileRegion region) throws Exception {
        return region.transferTo(socket, region.transferred());
    }

    @Override
    protected void doClose() throws Exception {
        super.doClose();
        socket.close();
    }

    @Override
    protected void doDisconnect() throws Exception {
        doClose();
    }

    /** Netty asks for it after a failed write: there may be something to read yet. Its default would close. */
    @Override
    protected void doShutdownOutput() throws Exception {
        socket.shutdownOutput();
    }

    @Override
    protected ChannelFuture shutdownInput() {
        return newFailedFuture(new UnsupportedOperationException("a link has no half"));
    }

    @Override
    protected boolean doConnect(SocketAddress remote, @Nullable SocketAddress local) {
        throw new UnsupportedOperationException("it is connected");
    }

    @Override
    protected void doFinishConnect() {
        throw new UnsupportedOperationException("it is connected");
    }

    @Override
    protected void doBind(SocketAddress local) {
        throw new UnsupportedOperationException("it is connected");
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return null; // asked for in Netty's own messages only
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
        return null;
    }
}
