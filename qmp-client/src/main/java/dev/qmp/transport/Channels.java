package dev.qmp.transport;

import io.netty.channel.Channel;
import io.netty.channel.epoll.Epoll;
import java.net.SocketAddress;
import java.util.Optional;

/** What the implementations of a transport do differently. */
interface Channels {

    LoopPool pool();

    /**
     * Refuses what this transport can never open.
     *
     * @throws dev.qmp.error.ConnectFailedException with the reason {@code BAD_ADDRESS}
     */
    void check(QmpAddress address);

    /** An open, unconnected UNIX socket. */
    Channel newUnixChannel();

    /** An open, unconnected TCP socket. */
    Channel newTcpChannel();

    /** The address as this transport's UNIX channel takes it; the address has been checked. */
    SocketAddress unixAddress(QmpAddress address);

    /** Asks the kernel about the other end of a connected channel; to be called on the loop. */
    Optional<PeerCredentials> peer(Channel channel);

    static Channels of(TransportKind kind, QmpAddress address) {
        return switch (kind) {
            case AUTO -> Epoll.isAvailable() ? new EpollChannels() : new NioChannels();
            case NIO -> new NioChannels();
            case EPOLL -> {
                if (!Epoll.isAvailable()) {
                    throw ConnectFailures.noEpoll(address, Epoll.unavailabilityCause());
                }
                yield new EpollChannels();
            }
        };
    }
}
