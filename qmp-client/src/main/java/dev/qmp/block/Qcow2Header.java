package dev.qmp.block;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The few bytes of a qcow2 header that prove whose overlay a file is (QEMU's docs/interop/qcow2.txt, "Header"). */
final class Qcow2Header {

    private static final int MAGIC = 0x514649fb;
    private static final int MAX_BACKING_NAME = 1023;

    /** QEMU's own limit of 32 MiB for this table, in entries. */
    private static final int MAX_TABLE = 4 << 20;

    private Qcow2Header() {}

    /** The backing file's name as the header has it; empty for what is no qcow2 file or has none. */
    static Optional<String> backingFile(SeekableByteChannel image) throws IOException {
        ByteBuffer header = read(image, 0, 24);
        if (header.remaining() < 24 || header.getInt() != MAGIC) {
            return Optional.empty();
        }
        header.getInt();
        long offset = header.getLong();
        int length = header.getInt();
        if (offset <= 0 || length <= 0 || length > MAX_BACKING_NAME) {
            return Optional.empty();
        }
        ByteBuffer name = read(image, offset, length);
        return name.remaining() < length
                ? Optional.empty()
                : Optional.of(StandardCharsets.UTF_8.decode(name).toString());
    }

    /** Whether an image has no cluster of its own: its first table, which leads to all the others, is empty. */
    static boolean empty(SeekableByteChannel image) throws IOException {
        ByteBuffer header = read(image, 0, 48);
        if (header.remaining() < 48 || header.getInt() != MAGIC) {
            return false;
        }
        int entries = header.getInt(36);
        long table = header.getLong(40);
        if (table <= 0 || entries <= 0 || entries > MAX_TABLE) {
            return false;
        }
        ByteBuffer l1 = read(image, table, entries * Long.BYTES);
        if (l1.remaining() < entries * Long.BYTES) {
            return false;
        }
        while (l1.hasRemaining()) {
            if (l1.getLong() != 0) {
                return false;
            }
        }
        return true;
    }

    private static ByteBuffer read(SeekableByteChannel image, long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        if (position > image.size()) {
            return buffer.limit(0); // a header can name a place that no file has
        }
        image.position(position);
        int read = 0;
        while (buffer.hasRemaining() && read >= 0) {
            read = image.read(buffer);
        }
        return buffer.flip();
    }
}
