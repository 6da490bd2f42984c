package dev.qmp.transport;

import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/** The JDK's own sockets. */
final class NioChannels implements Channels {

    /** The kernel would take 108 bytes; the JDK (17 and 25) refuses more than this. */
    private static final int PATH_LIMIT = 106;

    @Override
    public LoopPool pool() {
        return LoopPool.NIO;
    }

    @Override
    public void check(QmpAddress address) {
        if (address instanceof QmpAddress.Inherited) {
            throw ConnectFailures.noInherited(address, "nio");
        }
        if (address instanceof QmpAddress.UnixAbstract unix) {
            throw ConnectFailures.noAbstractSockets(unix, "nio");
        }
        if (address instanceof QmpAddress.Unix unix) {
            int length = spelt(unix).getBytes(pathEncoding()).length;
            if (length > PATH_LIMIT) {
                throw ConnectFailures.pathTooLong(unix, length, PATH_LIMIT);
            }
        }
    }

    private static String spelt(QmpAddress.Unix unix) {
        try {
            return Path.of(unix.path()).toString();
        } catch (InvalidPathException e) {
            throw ConnectFailures.notAPathHere(unix, e);
        }
    }

    /** How the operating system's calls expect a path. */
    static Charset pathEncoding() {
        String name = System.getProperty("sun.jnu.encoding", "UTF-8");
        return Charset.isSupported(name) ? Charset.forName(name) : Charset.defaultCharset();
    }

    @Override
    public Channel newUnixChannel() {
        return new NioDomainSocketChannel();
    }

    @Override
    public Channel newTcpChannel() {
        return new NioSocketChannel();
    }

    @Override
    public ServerChannel newServerChannel(QmpAddress address) {
        return address instanceof QmpAddress.Tcp ? new NioServerSocketChannel() : new NioServerDomainSocketChannel();
    }

    @Override
    public SocketAddress unixAddress(QmpAddress address) {
        return UnixDomainSocketAddress.of(((QmpAddress.Unix) address).path());
    }

    /** The JDK tells the names of the peer's user and group, not its process. */
    @Override
    public Optional<PeerCredentials> peer(Channel channel) {
        if (!(channel instanceof NioDomainSocketChannel)) {
            return Optional.empty();
        }
        try {
            UnixDomainPrincipal peer =
                    channel.config().getOption(NioChannelOption.of(ExtendedSocketOptions.SO_PEERCRED));
            if (peer == null) {
                return Optional.empty();
            }
            OptionalInt uid = number("/etc/passwd", peer.user().getName());
            OptionalInt gid = number("/etc/group", peer.group().getName());
            return uid.isPresent() && gid.isPresent()
                    ? Optional.of(new PeerCredentials(-1, uid.getAsInt(), gid.getAsInt()))
                    : Optional.empty();
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static OptionalInt number(String table, String name) throws IOException {
        if (!name.isEmpty() && name.chars().allMatch(Character::isDigit)) {
            return OptionalInt.of(Integer.parseUnsignedInt(name)); // what the JDK gives for an id without a name
        }
        try (Stream<String> lines = Files.lines(Path.of(table))) {
            return lines.map(line -> line.split(":", -1))
                    .filter(fields -> fields.length > 2 && fields[0].equals(name))
                    .mapToInt(fields -> Integer.parseUnsignedInt(fields[2]))
                    .findFirst();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
