package dev.qmp.transport;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A JVM of its own that is connected to a socket until the other end closes or it is killed. */
final class SocketClient {

    private SocketClient() {}

    static Process start(Path socket) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SocketClient.class.getName(),
                        socket.toString())
                .inheritIO()
                .start();
    }

    public static void main(String[] arguments) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(arguments[0]))) {
            ByteBuffer ignored = ByteBuffer.allocate(1);
            while (channel.read(ignored.clear()) >= 0) {
                // until the end
            }
        }
    }
}
