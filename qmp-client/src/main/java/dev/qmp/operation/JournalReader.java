package dev.qmp.operation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.plan.Plan;
import dev.qmp.plan.PlanJson;
import dev.qmp.plan.Step;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Journals as they lie on the disk, the last line of which a crash may have cut short. */
final class JournalReader {

    private static final JsonMapper JSON = new JsonMapper();

    private JournalReader() {}

    /** All open operations of a guest, the oldest first. */
    static List<OpenOperation> readAll(Path folder) throws IOException {
        List<OpenOperation> open = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + Journal.SUFFIX)) {
            for (Path file : files) {
                read(file).ifPresent(open::add);
            }
        } catch (NoSuchFileException e) {
            return List.of(); // nothing was ever begun
        }
        open.sort(Comparator.comparing(OpenOperation::since));
        return open;
    }

    /** Empty for one of which not even the first line was written: nothing was sent for it. */
    private static Optional<OpenOperation> read(Path file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        String text;
        try {
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return Optional.empty(); // it has ended meanwhile
        }
        for (String line : text.lines().toList()) {
            try {
                lines.add(JSON.readTree(line));
            } catch (JsonProcessingException e) {
                // Cut short: what it was to say had not been done yet.
            }
        }
        if (lines.isEmpty() || !lines.get(0).has("journal")) {
            return Optional.empty();
        }
        if (lines.get(0).path("journal").asInt() > Journal.VERSION) {
            throw new IOException(file + " was written by a later version");
        }
        try {
            return Optional.of(read(lines));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IOException(file + " is no journal of an operation: " + e.getMessage(), e);
        }
    }

    private static OpenOperation read(List<JsonNode> lines) {
        JsonNode header = lines.get(0);
        Plan plan = PlanJson.read(header.path("plan"));
        int begun = 0;
        int done = 0;
        String failure = null;
        boolean undoing = false;
        List<Step.Send> extras = new ArrayList<>();
        for (JsonNode line : lines.subList(1, lines.size())) {
            if (line.has("begun")) {
                begun = Math.max(begun, line.get("begun").asInt() + 1);
                failure = null;
            } else if (line.has("done")) {
                done = Math.max(done, line.get("done").asInt() + 1);
            } else if (line.has("failed")) {
                failure = line.path("why").asText();
            } else if (line.has("undoing")) {
                undoing = true;
            } else if (line.has("extra") && PlanJson.step(line.get("extra")) instanceof Step.Send extra) {
                extras.add(extra);
            }
        }
        if (begun > plan.steps().size() || done > begun) {
            throw new IllegalArgumentException("its steps are not its plan's");
        }
        QemuIdentity qemu = QemuIdentity.read(header.path("qemu"));
        return new OpenOperation(
                header.path("id").asText(),
                Instant.parse(header.path("at").asText()),
                plan,
                begun,
                done,
                failure,
                undoing,
                extras,
                header.get("attachment") instanceof ObjectNode attachment
                        ? attachment
                        : JsonNodeFactory.instance.objectNode(),
                qemu.pid(),
                qemu.started(),
                qemu.boot());
    }
}
