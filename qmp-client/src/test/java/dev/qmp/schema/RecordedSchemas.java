package dev.qmp.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.qmp.fixtures.recorded.Schemas;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;

/** RecordedSchemas of real QEMUs, and JSON for small ones. */
final class RecordedSchemas {

    /** Every recorded one, by version. */
    static final Map<String, QmpSchema> ALL = Map.of(
            "7.2", QmpSchema.of(Schemas.json("7.2", Schemas.SYSTEM)),
            "10.0", QmpSchema.of(Schemas.json("10.0", Schemas.SYSTEM)),
            "11.1", QmpSchema.of(Schemas.json("11.1", Schemas.SYSTEM)));

    static final QmpSchema QEMU_7_2 = Objects.requireNonNull(ALL.get("7.2"));

    private RecordedSchemas() {}

    /** JSON with single quotes, so that it reads well in Java. */
    static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
