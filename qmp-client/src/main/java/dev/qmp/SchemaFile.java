package dev.qmp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.qmp.wire.WireLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A cached schema as bytes: a line that names the format and the checksum of what follows, a line with the key, and the
 * schema as QEMU sent it. Who can change the file can change the checksum: it finds damage, while the file's owner and mode
 * keep others out; what is read is held to the limits of a peer that is not trusted.
 */
final class SchemaFile {

    /** Sixteen times the largest schema that we have seen, the one of 11.1 with 248,378 bytes. */
    static final int MOST_BYTES = 4 << 20;

    private static final String FORMAT = "qmp-schema-1 ";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private SchemaFile() {}

    static byte[] encode(String key, JsonNode schema) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream(1 << 18);
        body.write(keyLine(key));
        MAPPER.writeValue(body, schema);
        ByteArrayOutputStream file = new ByteArrayOutputStream(body.size() + 100);
        file.write((FORMAT + sha256(body.toByteArray()) + "\n").getBytes(StandardCharsets.US_ASCII));
        body.writeTo(file);
        return file.toByteArray();
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
     * The schema.
     *
     * @throws IOException where it is damaged, of another format, or another key's
     */
    static JsonNode decode(byte[] file, String key, WireLimits limits) throws IOException {
        int headLength = FORMAT.length() + 64 + 1;
        byte[] keyLine = keyLine(key);
        if (file.length < headLength + keyLine.length) {
            throw new IOException("it is cut short");
        }
        byte[] body = Arrays.copyOfRange(file, headLength, file.length);
        String head = new String(file, 0, headLength, StandardCharsets.ISO_8859_1);
        if (!head.equals(FORMAT + sha256(body) + "\n")) {
            throw new IOException("its checksum is wrong");
        }
        if (!Arrays.equals(body, 0, keyLine.length, keyLine, 0, keyLine.length)) {
            throw new IOException("it is of another peer");
        }
        JsonNode schema = strict(limits).readTree(body, keyLine.length, body.length - keyLine.length);
        if (!schema.isArray()) {
            throw new IOException("it holds no schema");
        }
        return schema;
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static byte[] keyLine(String key) throws IOException {
        return (MAPPER.writeValueAsString(key) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectMapper strict(WireLimits limits) {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(limits.nestingDepth())
                        .maxStringLength(limits.stringLength())
                        .maxNumberLength(limits.numberLength())
                        .build())
                .build();
        return JsonMapper.builder(factory)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }
}
