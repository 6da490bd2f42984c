package dev.qmp.transport;

import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import jnr.unixsocket.UnixSocketAddress;
import jnr.unixsocket.UnixSocketChannel;

/**
 * UNIX sockets of jnr-unixsocket.
 *
 * <p>They are connected first and registered then: of a socket that is not connected yet poll(2) says that the other end has
 * hung up, which Netty would believe. Connecting a UNIX socket takes no time that one would have to wait for.
 */
final class JnrChannels implements Channels {

    private static final int LINUX_PATH_LIMIT = 108;

    /** The leading NUL has the first byte. */
    private static final int LINUX_NAME_LIMIT = 107;

    private static final int OTHERS_PATH_LIMIT = 103;

    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;

    private JnrChannels() {}

    /**
     * Loads the native library.
     *
     * @throws LinkageError where there is none for this machine
     */
    static JnrChannels load() {
        jnr.ffi.Runtime.getSystemRuntime().addressSize();
        return new JnrChannels();
    }

    @Override
    public LoopPool pool() {
        return LoopPool.JNR;
    }

    @Override
    public void check(QmpAddress address) {
        if (address instanceof QmpAddress.Unix unix) {
            int limit = LibC.isLinux() ? LINUX_PATH_LIMIT : OTHERS_PATH_LIMIT;
            int length = unix.path().getBytes(StandardCharsets.UTF_8).length;
            if (length > limit) {
                throw ConnectFailures.pathTooLong(unix, length, limit);
            }
        } else if (address instanceof QmpAddress.UnixAbstract unix) {
            if (!LibC.isLinux()) {
                throw ConnectFailures.noAbstractSockets(unix, "jnr");
            }
            int length = unix.name().getBytes(StandardCharsets.UTF_8).length;
            if (length > LINUX_NAME_LIMIT) {
                throw ConnectFailures.nameTooLong(unix, length, LINUX_NAME_LIMIT);
            }
        } else if (address instanceof QmpAddress.Inherited) {
            if (!LibC.isLinux()) {
                throw ConnectFailures.noInherited(address, "jnr");
            }
        } else {
            throw ConnectFailures.jnrIsForUnixSockets(address);
        }
    }

    @Override
    public Optional<Channel> connected(QmpAddress address) throws IOException {
        if (address instanceof QmpAddress.Inherited inherited) {
            return Optional.of(JnrChannel.of(
                    UnixSocketChannel.fromFD(InheritedSocket.takeOver(inherited).descriptor())));
        }
        UnixSocketChannel socket = LibC.isLinux() ? onLinux(address) : elsewhere((QmpAddress.Unix) address);
        return Optional.of(JnrChannel.of(socket));
    }

    /**
     * By connect(2) itself: jnr-unixsocket 0.39.6 counts a path in characters where the kernel counts bytes, and so would
     * connect {@code /run/ü.sock} to {@code /run/ü.soc}. And the socket shall not be inherited by child processes.
     */
    private static UnixSocketChannel onLinux(QmpAddress address) throws IOException {
        int descriptor = LibC.calls().socket(AF_UNIX, SOCK_STREAM | LibC.SOCK_CLOEXEC | LibC.SOCK_NONBLOCK, 0);
        if (descriptor < 0) {
            throw LibC.failed("socket");
        }
        byte[] name = socketAddress(address);
        if (LibC.calls().connect(descriptor, name, name.length) != 0) {
            IOException failure = LibC.failed("connect");
            LibC.calls().close(descriptor);
            throw failure;
        }
        return UnixSocketChannel.fromFD(descriptor);
    }

    private static byte[] socketAddress(QmpAddress address) {
        String path = address instanceof QmpAddress.UnixAbstract unix
                ? '\0' + unix.name()
                : ((QmpAddress.Unix) address).path();
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Short.BYTES + bytes.length)
                .order(ByteOrder.nativeOrder())
                .putShort((short) AF_UNIX)
                .put(bytes)
                .array();
    }

    private static UnixSocketChannel elsewhere(QmpAddress.Unix address) throws IOException {
        UnixSocketChannel socket = UnixSocketChannel.create();
        try {
            socket.configureBlocking(false);
            if (!socket.connect(new UnixSocketAddress(address.path()))) {
                throw new IOException(ConnectErrno.TRY_AGAIN.text());
            }
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public Channel newUnixChannel() {
        throw new UnsupportedOperationException("jnr connects first");
    }

    @Override
    public Channel newTcpChannel() {
        throw new UnsupportedOperationException("jnr has UNIX sockets only");
    }

    @Override
    public ServerChannel newServerChannel(QmpAddress address) {
        throw new UnsupportedOperationException("jnr does not listen");
    }

    @Override
    public SocketAddress unixAddress(QmpAddress address) {
        throw new UnsupportedOperationException("jnr connects first");
    }

    @Override
    public OptionalInt descriptor(Channel channel) {
        return LibC.isLinux() ? OptionalInt.of(((JnrChannel) channel).descriptor()) : OptionalInt.empty();
    }

    @Override
    public Optional<PeerCredentials> peer(Channel channel) {
        return ((JnrChannel) channel).peer();
    }
}
