package dev.qmp.cli.render;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.session.TrafficListener;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Shows ({@code -v}) and records ({@code --record}) the lines of a session; passwords and secrets never. */
public final class Traffic implements TrafficListener, AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Members whose text is a secret wherever they stand: set_password, change-vnc-password, block drivers' options. */
    private static final Set<String> SECRETS = Set.of("password", "passwd", "passphrase");

    private final @Nullable Console console;
    private final @Nullable BufferedWriter file;

    /** Either may be null. The file is made anew. */
    public Traffic(@Nullable Console console, @Nullable Path record) throws IOException {
        this.console = console;
        this.file = record == null ? null : Files.newBufferedWriter(record, StandardCharsets.UTF_8);
    }

    @Override
    public synchronized void document(Direction direction, Instant at, String json) {
        String masked = mask(json);
        if (console != null) {
            console.err((direction == Direction.SENT ? "-> " : "<- ") + masked);
        }
        if (file != null) {
            try {
                file.write("{\"time\":\"" + at + "\",\"direction\":\""
                        + direction.name().toLowerCase(Locale.ROOT) + "\",\"message\":" + masked + "}\n");
                // Line by line: the recording is wanted most where the program does not reach its end.
                file.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }

    /** The document on one line, secrets replaced; of a text that is no JSON only the length is told. */
    static String mask(String json) {
        try {
            JsonNode document = JSON.readTree(json);
            mask(document, false);
            return JSON.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            return "\"(" + json.length() + " characters that are no JSON)\"";
        }
    }

    /** {@code inSecret}: within the properties of a secret object; before QEMU 6.0 they stood in an object of their own. */
    private static void mask(JsonNode node, boolean inSecret) {
        if (node instanceof ObjectNode object) {
            boolean secretObject =
                    inSecret || object.path("qom-type").asText("").startsWith("secret");
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                boolean secret = SECRETS.contains(member.getKey())
                        || (secretObject && member.getKey().equals("data"));
                if (secret && !member.getValue().isNull()) {
                    object.put(member.getKey(), "***");
                } else {
                    mask(member.getValue(), secretObject && member.getKey().equals("props"));
                }
            }
        } else if (node instanceof ArrayNode array) {
            array.forEach(one -> mask(one, false));
        }
    }
}
