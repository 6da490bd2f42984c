package dev.qmp.transport;

import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.PeerCredentials;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;

/** Netty's native channels of Linux. */
final class EpollChannels implements Channels {

    /** {@code sun_path} without its NUL: with all 108 bytes the kernel reads on behind the path (Netty 4.2.18). */
    private static final int PATH_LIMIT = 107;

    /** One byte goes for the leading NUL, and one Netty keeps back here; the kernel would take 107. */
    private static final int NAME_LIMIT = 106;

    @Override
    public LoopPool pool() {
        return LoopPool.EPOLL;
    }

    @Override
    public void check(QmpAddress address) {
        if (address instanceof QmpAddress.Unix unix) {
            // Netty encodes the path as UTF-8, whatever the locale says.
            int length = unix.path().getBytes(StandardCharsets.UTF_8).length;
            if (length > PATH_LIMIT) {
                throw ConnectFailures.pathTooLong(unix, length, PATH_LIMIT);
            }
        } else if (address instanceof QmpAddress.UnixAbstract unix) {
            int length = unix.name().getBytes(StandardCharsets.UTF_8).length;
            if (length > NAME_LIMIT) {
                throw ConnectFailures.nameTooLong(unix, length, NAME_LIMIT);
            }
        }
    }

    @Override
    public Optional<Channel> connected(QmpAddress address) throws IOException {
        if (!(address instanceof QmpAddress.Inherited inherited)) {
            return Optional.empty();
        }
        InheritedSocket socket = InheritedSocket.takeOver(inherited);
        try {
            return Optional.of(
                    socket.isUnix()
                            ? new EpollDomainSocketChannel(socket.descriptor())
                            : new EpollSocketChannel(socket.descriptor()));
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public Channel newUnixChannel() {
        return new EpollDomainSocketChannel();
    }

    @Override
    public Channel newTcpChannel() {
        return new EpollSocketChannel();
    }

    @Override
    public ServerChannel newServerChannel(QmpAddress address) {
        return address instanceof QmpAddress.Tcp
                ? new EpollServerSocketChannel()
                : new EpollServerDomainSocketChannel();
    }

    @Override
    public SocketAddress unixAddress(QmpAddress address) {
        return new DomainSocketAddress(
                address instanceof QmpAddress.UnixAbstract unix
                        ? '\0' + unix.name()
                        : ((QmpAddress.Unix) address).path());
    }

    @Override
    public OptionalInt descriptor(Channel channel) {
        return channel instanceof EpollDomainSocketChannel unix
                ? OptionalInt.of(unix.fd().intValue())
                : OptionalInt.empty();
    }

    @Override
    public Optional<dev.qmp.transport.PeerCredentials> peer(Channel channel) {
        if (!(channel instanceof EpollDomainSocketChannel unix)) {
            return Optional.empty();
        }
        try {
            PeerCredentials peer = unix.peerCredentials();
            int gid = peer.gids().length > 0 ? peer.gids()[0] : -1;
            return Optional.of(new dev.qmp.transport.PeerCredentials(peer.pid(), peer.uid(), gid));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
