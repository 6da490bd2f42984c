package dev.qmp.cli.render;

import dev.qmp.Secrets;
import dev.qmp.session.TrafficListener;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Shows ({@code -v}) and records ({@code --record}) the lines of a session; passwords and secrets never. */
public final class Traffic implements TrafficListener, AutoCloseable {

    private final @Nullable Console console;
    private final @Nullable BufferedWriter file;

    /** Either may be null. The file is made anew. */
    public Traffic(@Nullable Console console, @Nullable Path record) throws IOException {
        this.console = console;
        this.file = record == null ? null : Files.newBufferedWriter(record, StandardCharsets.UTF_8);
    }

    @Override
    public synchronized void document(Direction direction, Instant at, String json) {
        String masked = Escapes.json(Secrets.mask(json));
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
    public synchronized void lost(long documents) {
        if (console != null) {
            console.err(
                    "note: " + documents + " documents were not shown: they came faster than they could be written");
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
