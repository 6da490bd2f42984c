package dev.qmp.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** The other end of one link under test; its methods block. */
interface PeerEnd extends AutoCloseable {

    /** Writes all of it, for as long as the link's side takes it. */
    void write(byte[] bytes) throws IOException;

    /** At least one byte, at most {@code into.length}; -1 once the link's side has ended. */
    int read(byte[] into, int offset, int length) throws IOException;

    /** Says that nothing more comes, and goes on reading. */
    void endOutput() throws IOException;

    @Override
    void close() throws IOException;

    default void write(String text) throws IOException {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    default byte[] read(int count) throws IOException {
        byte[] bytes = new byte[count];
        for (int have = 0; have < count; ) {
            int more = read(bytes, have, count - have);
            if (more < 0) {
                throw new IOException("the link ended after " + have + " of " + count + " bytes");
            }
            have += more;
        }
        return bytes;
    }

    /** Of a listening socket of the JDK's. */
    record OfSocket(SocketChannel channel) implements PeerEnd {

        @Override
        public void write(byte[] bytes) throws IOException {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                channel.write(left);
            }
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            return channel.read(ByteBuffer.wrap(into, offset, length));
        }

        @Override
        public void endOutput() throws IOException {
            channel.shutdownOutput();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
