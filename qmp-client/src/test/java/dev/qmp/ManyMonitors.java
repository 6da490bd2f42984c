package dev.qmp;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process of its own whose one thread is as many simple monitors as anybody connects to, on one socket: what they cost is
 * not on the account of the process that is measured. {@code stop} is answered after an event. Ends with its input.
 */
final class ManyMonitors implements AutoCloseable {

    private static final int BACKLOG = 4_096;
    private static final String GREETING =
            "{\"QMP\":{\"version\":{\"qemu\":{\"micro\":22,\"minor\":2,\"major\":7},\"package\":\"\"},"
                    + "\"capabilities\":[\"oob\"]}}\r\n";
    private static final String STOP = "{\"timestamp\":{\"seconds\":1,\"microseconds\":0},\"event\":\"STOP\"}\r\n";
    private static final Pattern REQUEST = Pattern.compile(
            "\"execute\":\"([^\"]+)\"[^}]*\"id\":(\\d+)|" + "\"id\":(\\d+)[^}]*\"execute\":\"([^\"]+)\"");

    private final Process process;

    ManyMonitors(Path socket) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ManyMonitors.class.getName(),
                socket.toString()));
        process = new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (process.getInputStream().read() != '.') {
            throw new IOException("the monitors did not start");
        }
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.destroy();
    }

    public static void main(String[] arguments) throws IOException {
        Selector selector = Selector.open();
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(arguments[0]), BACKLOG);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        Thread end = new Thread(() -> {
            try {
                while (System.in.read() >= 0) {
                    // only its end counts
                }
            } catch (IOException e) {
                // is an end, too
            }
            Runtime.getRuntime().halt(0);
        });
        end.setDaemon(true);
        end.start();
        System.out.write('.');
        System.out.flush();
        while (true) {
            selector.select(key -> serve(selector, server, key));
        }
    }

    private static void serve(Selector selector, ServerSocketChannel server, SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                SocketChannel accepted = server.accept();
                accepted.configureBlocking(false);
                say(accepted, GREETING);
                accepted.register(selector, SelectionKey.OP_READ);
            } else {
                answer((SocketChannel) key.channel());
            }
        } catch (IOException e) {
            key.cancel();
        }
    }

    /** Requests are small and come in one piece over a local socket. */
    private static void answer(SocketChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(4_096);
        if (channel.read(bytes) < 0) {
            channel.close();
            return;
        }
        Matcher request = REQUEST.matcher(new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8));
        while (request.find()) {
            String command = request.group(1) == null ? request.group(4) : request.group(1);
            String id = request.group(2) == null ? request.group(3) : request.group(2);
            String event = command.equals("stop") ? STOP : "";
            say(channel, event + "{\"return\":{},\"id\":" + id + "}\r\n");
        }
    }

    private static void say(SocketChannel channel, String text) throws IOException {
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
}
