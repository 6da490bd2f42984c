package dev.qmp.transport;

import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.channel.kqueue.KQueueDomainSocketChannel;
import io.netty.channel.kqueue.KQueueServerDomainSocketChannel;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.PeerCredentials;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Netty's native channels of macOS. */
final class KQueueChannels implements Channels {

    /** {@code sun_path} without its NUL; it has 104 bytes on BSD's descendants, fewer than on Linux. */
    private static final int PATH_LIMIT = 103;

    @Override
    public LoopPool pool() {
        return LoopPool.KQUEUE;
    }

    @Override
    public void check(QmpAddress address) {
        if (address instanceof QmpAddress.Inherited) {
            throw ConnectFailures.noInherited(address, "kqueue");
        }
        if (address instanceof QmpAddress.UnixAbstract unix) {
            throw ConnectFailures.noAbstractSockets(unix, "kqueue");
        }
        if (address instanceof QmpAddress.Unix unix) {
            int length = unix.path().getBytes(StandardCharsets.UTF_8).length;
            if (length > PATH_LIMIT) {
                throw ConnectFailures.pathTooLong(unix, length, PATH_LIMIT);
            }
        }
    }

    @Override
    public Channel newUnixChannel() {
        return new KQueueDomainSocketChannel();
    }

    @Override
    public Channel newTcpChannel() {
        return new KQueueSocketChannel();
    }

    @Override
    public ServerChannel newServerChannel(QmpAddress address) {
        return address instanceof QmpAddress.Tcp
                ? new KQueueServerSocketChannel()
                : new KQueueServerDomainSocketChannel();
    }

    @Override
    public SocketAddress unixAddress(QmpAddress address) {
        return new DomainSocketAddress(((QmpAddress.Unix) address).path());
    }

    @Override
    public Optional<dev.qmp.transport.PeerCredentials> peer(Channel channel) {
        if (!(channel instanceof KQueueDomainSocketChannel unix)) {
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
