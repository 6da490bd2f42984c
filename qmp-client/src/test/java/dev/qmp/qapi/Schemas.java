package dev.qmp.qapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** Schemas of real QEMUs, and JSON for small ones. */
final class Schemas {

    static final QmpSchema QEMU_7_2 = QmpSchema.of(resource("qemu-system-x86_64-7.2.json"));

    private Schemas() {}

    /** JSON with single quotes, so that it reads well in Java. */
    static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode resource(String name) {
        try (InputStream in = Objects.requireNonNull(Schemas.class.getResourceAsStream(name), name)) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
