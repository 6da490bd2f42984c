package dev.qmp.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The other end of a link under test: a listening socket of the JDK's. */
final class Peer implements AutoCloseable {

    private final ServerSocketChannel server;
    private final QmpAddress address;

    private Peer(ServerSocketChannel server, QmpAddress address) {
        this.server = server;
        this.address = address;
    }

    static Peer unix(Path path) throws IOException {
        return unix(path, 64);
    }

    static Peer unix(Path path, int backlog) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path), backlog);
        return new Peer(server, QmpAddress.unix(path));
    }

    static Peer tcp() throws IOException {
        return tcp(64);
    }

    static Peer tcp(int backlog) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), backlog);
        int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
        return new Peer(server, QmpAddress.tcp("127.0.0.1", port));
    }

    QmpAddress address() {
        return address;
    }

    SocketChannel accept() throws IOException {
        return server.accept();
    }

    static void write(SocketChannel to, String text) throws IOException {
        write(to, text.getBytes(StandardCharsets.UTF_8));
    }

    static void write(SocketChannel to, byte[] bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            to.write(left);
        }
    }

    static byte[] read(SocketChannel from, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            if (from.read(bytes) < 0) {
                throw new IOException("the link ended after " + bytes.position() + " of " + count + " bytes");
            }
        }
        return bytes.array();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
