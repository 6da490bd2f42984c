package dev.qmp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A socket that passes everything on to a monitor and back, until the test cuts it. Nobody listens while it is cut. */
final class Relay implements AutoCloseable {

    private final Path path;
    private final Set<SocketChannel> channels = ConcurrentHashMap.newKeySet();
    private volatile Path monitor;
    private volatile ServerSocketChannel listening;

    Relay(Path path, Path monitor) {
        this.path = path;
        this.monitor = monitor;
        this.listening = listen();
    }

    /** Ends all connections, and takes no more. */
    void cut() {
        try {
            listening.close();
            Files.deleteIfExists(path);
            for (SocketChannel channel : Set.copyOf(channels)) {
                channel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void mend() {
        listening = listen();
    }

    /** From here on, another monitor answers. */
    void mendTo(Path other) {
        monitor = other;
        mend();
    }

    @Override
    public void close() {
        cut();
    }

    private ServerSocketChannel listen() {
        try {
            ServerSocketChannel server =
                    ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
            start(() -> accept(server));
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocketChannel server) throws IOException {
        while (true) {
            SocketChannel client = server.accept();
            SocketChannel qemu = SocketChannel.open(UnixDomainSocketAddress.of(monitor));
            channels.add(client);
            channels.add(qemu);
            start(() -> pump(client, qemu));
            start(() -> pump(qemu, client));
        }
    }

    private void pump(SocketChannel from, SocketChannel to) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(8192);
        try {
            while (from.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
        } finally {
            from.close();
            to.close();
            channels.remove(from);
            channels.remove(to);
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // cut, or one side has gone
                    }
                },
                "relay");
        thread.setDaemon(true);
        thread.start();
    }
}
