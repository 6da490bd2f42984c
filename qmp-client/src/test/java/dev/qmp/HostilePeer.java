package dev.qmp;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A peer that says whatever a test likes, as fast as it can: for floods that a script of documents cannot hold. It serves
 * one connection; the end of that, at any time, is no failure of its own.
 */
final class HostilePeer implements AutoCloseable {

    /** What the peer says, and to what; the stream's bytes leave with {@code flush}. */
    interface Attack {
        void on(OutputStream out, Words words) throws IOException;
    }

    /** What the client says. */
    interface Words {
        /** Waits for as many bytes of the client's as there are, one at least. */
        void next() throws IOException;
    }

    static final String GREETING =
            "{\"QMP\":{\"version\":{\"qemu\":{\"micro\":0,\"minor\":2,\"major\":7},\"package\":\"\"},\"capabilities\":[]}}\r\n";

    private final Path folder;
    private final ServerSocketChannel listening;
    private final Thread thread;

    private HostilePeer(Attack attack) throws IOException {
        folder = Files.createTempDirectory(Path.of("/tmp"), "qh");
        listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path()));
        thread = new Thread(() -> serve(attack), "hostile peer");
        thread.setDaemon(true);
        thread.start();
    }

    /** Says this instead of a greeting. */
    static HostilePeer from(Attack attack) {
        try {
            return new HostilePeer(attack);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Greets, negotiates, waits for the first command, and then says this; the command's id is 1. */
    static HostilePeer afterACommand(Attack attack) {
        return from((out, words) -> {
            say(out, GREETING);
            words.next();
            say(out, "{\"return\":{},\"id\":0}\r\n");
            words.next();
            attack.on(out, words);
            out.flush();
            while (true) {
                words.next();
            }
        });
    }

    static void say(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    static void repeat(OutputStream out, String text, long times) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (long i = 0; i < times; i++) {
            out.write(bytes);
        }
    }

    Path path() {
        return folder.resolve("s");
    }

    private void serve(Attack attack) {
        try (SocketChannel channel = listening.accept()) {
            ByteBuffer heard = ByteBuffer.allocate(1 << 16);
            attack.on(new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16), () -> {
                if (channel.read(heard.clear()) < 0) {
                    throw new IOException("the client has left");
                }
            });
        } catch (IOException e) {
            // The client, or the test, has ended the connection.
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
            thread.join(10_000);
            Files.deleteIfExists(path());
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
