package dev.qmp.transport;

import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;

/** Which of Netty's channels serves an address, and the address in that channel's own form. */
record ChannelType(IoThreads threads, ChannelFactory<Channel> factory, SocketAddress remote) {

    /** {@code sun_path} of Linux holds 108 bytes (unix(7)); the epoll transport fills it to the last but one. */
    static final int EPOLL_MAX_PATH = 107;

    /** The JDK's own UNIX sockets take two bytes less than the kernel (17 and 25). */
    static final int NIO_MAX_PATH = 106;

    static ChannelType epoll(QmpAddress address) {
        if (address instanceof QmpAddress.Tcp tcp) {
            return new ChannelType(
                    IoThreads.EPOLL, EpollSocketChannel::new, new InetSocketAddress(tcp.host(), tcp.port()));
        }
        String path = address instanceof QmpAddress.UnixAbstract named
                ? "\0" + named.name()
                : checkedPath(((QmpAddress.Unix) address).path(), EPOLL_MAX_PATH);
        return new ChannelType(IoThreads.EPOLL, EpollDomainSocketChannel::new, new DomainSocketAddress(path));
    }

    static ChannelType nio(QmpAddress address) {
        if (address instanceof QmpAddress.Tcp tcp) {
            return new ChannelType(IoThreads.NIO, NioSocketChannel::new, new InetSocketAddress(tcp.host(), tcp.port()));
        }
        if (address instanceof QmpAddress.UnixAbstract) {
            throw new ConnectFailedException(
                    address.toString(),
                    Reason.BAD_ADDRESS,
                    "the nio transport has no abstract sockets",
                    "use the epoll transport on Linux, or a socket with a path",
                    null);
        }
        String path = checkedPath(((QmpAddress.Unix) address).path(), NIO_MAX_PATH);
        try {
            return new ChannelType(IoThreads.NIO, NioDomainSocketChannel::new, UnixDomainSocketAddress.of(path));
        } catch (InvalidPathException e) {
            throw ConnectFailures.explain(address, e);
        }
    }

    private static String checkedPath(String path, int limit) {
        int length = path.getBytes(StandardCharsets.UTF_8).length;
        if (length > limit) {
            throw new ConnectFailedException(
                    "unix:" + path,
                    Reason.BAD_ADDRESS,
                    "the socket's path has " + length + " bytes; a UNIX socket's path can have " + limit,
                    "reach it by a shorter way: a symbolic link to its folder, or a path relative to the working folder",
                    null);
        }
        return path;
    }
}
