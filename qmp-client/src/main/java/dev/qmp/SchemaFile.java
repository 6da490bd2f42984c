package dev.qmp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.zip.CRC32;

/**
 * A cached schema as bytes: a line that names the format and the checksum of what follows, a line with the key, and the
 * schema's lines. Who can change the file can change the checksum: it finds damage, while the file's owner and mode keep
 * others out. A cryptographic one would find no more, and costs a program that just started 35 ms.
 */
final class SchemaFile {

    /** Sixteen times the largest schema that we have seen, the one of 11.1 with 248,378 bytes. */
    static final int MOST_BYTES = 4 << 20;

    private static final String FORMAT = "qmp-schema-1 ";
    private static final int HEAD = FORMAT.length() + 8 + 1;

    private SchemaFile() {}

    static byte[] encode(String key, String lines) {
        byte[] body = (keyLine(key) + lines).getBytes(StandardCharsets.UTF_8);
        byte[] head = head(body, 0);
        byte[] file = new byte[head.length + body.length];
        System.arraycopy(head, 0, file, 0, head.length);
        System.arraycopy(body, 0, file, head.length, body.length);
        return file;
    }

    /** The whole file, or an exception where it is larger than it can be. */
    static byte[] bytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new IOException("it has more than " + MOST_BYTES + " bytes");
            }
            return bytes;
        }
    }

    /**
     * The schema's lines.
     *
     * @throws IOException where the file is damaged, of another format, or another key's
     */
    static String decode(byte[] file, String key) throws IOException {
        if (file.length < HEAD) {
            throw new IOException("it is cut short");
        }
        String head = new String(head(file, HEAD), StandardCharsets.US_ASCII);
        if (!head.equals(new String(file, 0, HEAD, StandardCharsets.ISO_8859_1))) {
            throw new IOException("its checksum is wrong");
        }
        String body = new String(file, HEAD, file.length - HEAD, StandardCharsets.UTF_8);
        if (!body.startsWith(keyLine(key))) {
            throw new IOException("it is of another peer");
        }
        return body.substring(keyLine(key).length());
    }

    /** A short name for a key; two keys may share one, which is why the file holds the whole key. */
    static String name(String key) {
        return checksum(key.getBytes(StandardCharsets.UTF_8), 0);
    }

    private static byte[] head(byte[] bytes, int start) {
        return (FORMAT + checksum(bytes, start) + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static String checksum(byte[] bytes, int start) {
        CRC32 sum = new CRC32();
        sum.update(bytes, start, bytes.length - start);
        return HexFormat.of().toHexDigits((int) sum.getValue());
    }

    /** A file name, and what a peer says of itself, can hold the end of a line. */
    private static String keyLine(String key) {
        return key.replace('\n', ' ') + "\n";
    }
}
