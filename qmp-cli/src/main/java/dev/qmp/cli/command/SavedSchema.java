package dev.qmp.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.qmp.schema.QmpSchema;
import dev.qmp.wire.WireLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A schema that was saved: what {@code query-qmp-schema} returned, or QEMU's whole reply. */
final class SavedSchema {

    private static final String HOW = "save one with: qmp exec TARGET query-qmp-schema -o json > FILE";

    private SavedSchema() {}

    static QmpSchema read(Path file) {
        JsonNode document = document(file);
        JsonNode entries = document.isObject() ? document.path("return") : document;
        if (!entries.isArray()) {
            throw new UsageException("the file " + file + " holds no schema", HOW);
        }
        QmpSchema schema = QmpSchema.of(entries);
        if (schema.commands().isEmpty() && schema.events().isEmpty()) {
            throw new UsageException("the file " + file + " holds no schema: it has no command and no event", HOW);
        }
        return schema;
    }

    private static JsonNode document(Path file) {
        try {
            if (Files.size(file) > WireLimits.DEFAULT.documentBytes()) {
                throw new UsageException("the file " + file + " is larger than any schema", HOW);
            }
            return new ObjectMapper().readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw new UsageException("the file " + file + " is not JSON: " + e.getOriginalMessage(), HOW);
        } catch (IOException e) {
            throw new LocalException("file", "the file " + file + " cannot be read: " + e, null, e);
        }
    }
}
