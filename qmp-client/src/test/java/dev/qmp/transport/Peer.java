package dev.qmp.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;

/** The other end of links under test: whatever listens at an address. */
interface Peer extends AutoCloseable {

    QmpAddress address();

    /** The next link's other end, once it is there. */
    PeerEnd accept() throws IOException;

    /** Listens no more; ends that were accepted stay open. */
    @Override
    void close() throws IOException;

    static Peer unix(Path path) throws IOException {
        return unix(path, 64);
    }

    static Peer unix(Path path, int backlog) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path), backlog);
        return new Listening(server, QmpAddress.unix(path));
    }

    static Peer tcp() throws IOException {
        return tcp(64);
    }

    static Peer tcp(int backlog) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), backlog);
        int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
        return new Listening(server, QmpAddress.tcp("127.0.0.1", port));
    }

    /** A listening socket of the JDK's. */
    record Listening(ServerSocketChannel server, QmpAddress address) implements Peer {

        @Override
        public PeerEnd accept() throws IOException {
            return new PeerEnd.OfSocket(server.accept());
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
