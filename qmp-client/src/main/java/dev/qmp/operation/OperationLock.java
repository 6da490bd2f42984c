package dev.qmp.operation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.qmp.error.UnsafeOperationException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * One client at a time on a guest's disks. The file says who and since when; what holds it is the kernel's lock on it, which
 * ends with its owner however that one dies, so that nobody has to judge whether a lock is stale.
 */
final class OperationLock implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final FileChannel channel;
    private final FileLock lock;

    private OperationLock(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /** @throws UnsafeOperationException ({@code guest-locked}) while another one has it */
    static OperationLock take(Path folder, String what) throws IOException {
        Path file = folder.resolve("lock");
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = lock(channel);
            if (lock == null) {
                throw held(file);
            }
            String owner = JsonNodeFactory.instance
                    .objectNode()
                    .put("pid", ProcessHandle.current().pid())
                    .put("doing", what)
                    .put("since", Instant.now().toString())
                    .toString();
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(owner.getBytes(StandardCharsets.UTF_8)), 0);
            return new OperationLock(channel, lock);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // this process has it
        }
    }

    private static UnsafeOperationException held(Path file) {
        JsonNode owner = owner(file);
        return new UnsafeOperationException(
                "guest-locked",
                "another client works on this guest's disks: PID "
                        + owner.path("pid").asText("unknown") + " ("
                        + owner.path("doing").asText("nobody says what it does") + age(owner) + ")",
                "wait for its end, or end that process: what it has begun can be resumed or undone then");
    }

    private static JsonNode owner(Path file) {
        try {
            return JSON.readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            return JsonNodeFactory.instance.objectNode(); // it is being written just now
        } catch (IOException e) {
            return JsonNodeFactory.instance.objectNode();
        }
    }

    private static String age(JsonNode owner) {
        try {
            Duration age = Duration.between(Instant.parse(owner.path("since").asText()), Instant.now());
            return ", for " + Math.max(0, age.toSeconds()) + " s";
        } catch (DateTimeParseException e) {
            return "";
        }
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }
}
