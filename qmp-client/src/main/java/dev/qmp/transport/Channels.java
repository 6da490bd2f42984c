package dev.qmp.transport;

import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.kqueue.KQueue;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

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

    /** An open, unbound socket to listen with, for an address that has been checked. */
    ServerChannel newServerChannel(QmpAddress address);

    /** The address as this transport's UNIX channel takes it; the address has been checked. */
    SocketAddress unixAddress(QmpAddress address);

    /**
     * A channel that is connected to the address already and registered nowhere yet; empty where Netty's own way, to register
     * first and then connect, will do. The address has been checked; called on the loop.
     *
     * @throws IOException with what the operating system said
     */
    default Optional<Channel> connected(QmpAddress address) throws IOException {
        return Optional.empty();
    }

    /** The number of a connected UNIX socket that descriptors can be sent through; empty where this transport cannot. */
    default OptionalInt descriptor(Channel channel) {
        return OptionalInt.empty();
    }

    /** Asks the kernel about the other end of a connected channel; to be called on the loop. */
    Optional<PeerCredentials> peer(Channel channel);

    static Channels of(TransportKind kind, QmpAddress address) {
        return switch (kind) {
            case AUTO -> Epoll.isAvailable() ? new EpollChannels() : hasKqueue() ? kqueue(address) : new NioChannels();
            case NIO -> new NioChannels();
            case JNR -> jnr(address);
            case KQUEUE -> kqueue(address);
            case EPOLL -> {
                if (!Epoll.isAvailable()) {
                    throw ConnectFailures.notAvailable(address, "epoll", Epoll.unavailabilityCause());
                }
                yield new EpollChannels();
            }
        };
    }

    private static boolean hasKqueue() {
        // The name first: elsewhere there is no need to load anything.
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("mac") && KQueue.isAvailable();
    }

    private static Channels kqueue(QmpAddress address) {
        if (!KQueue.isAvailable()) {
            throw ConnectFailures.notAvailable(address, "kqueue", KQueue.unavailabilityCause());
        }
        return new KQueueChannels();
    }

    private static Channels jnr(QmpAddress address) {
        try {
            return JnrChannels.load();
        } catch (LinkageError | RuntimeException e) {
            throw ConnectFailures.notAvailable(address, "jnr", e);
        }
    }
}
