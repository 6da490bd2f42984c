package dev.qmp.operation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.plan.Plan;
import dev.qmp.plan.PlanJson;
import dev.qmp.plan.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/**
 * One operation's journal: a line before each step and one after it, each on the disk before anything else is done. Its file
 * is there as long as the operation is open. Thread-safe.
 */
final class Journal implements AutoCloseable {

    static final int VERSION = 1;
    static final String SUFFIX = ".ndjson";

    private final Path folder;
    private final Path file;
    private final FileChannel channel;
    private final Runnable written;

    private Journal(Path folder, String id, StandardOpenOption how, Runnable written) throws IOException {
        this.folder = folder;
        this.file = folder.resolve(id + SUFFIX);
        this.channel = FileChannel.open(file, how, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        this.written = written;
    }

    /**
     * A new one.
     *
     * @param attachment what the caller wants to find again with the operation
     * @param written is told after each line, when it is on the disk
     */
    static Journal create(Path folder, String id, Plan plan, QemuIdentity qemu, ObjectNode attachment, Runnable written)
            throws IOException {
        Journal journal = new Journal(folder, id, StandardOpenOption.CREATE_NEW, written);
        ObjectNode header = line().put("journal", VERSION).put("id", id);
        header.set("qemu", qemu.toJson());
        header.set("attachment", attachment);
        header.set("plan", PlanJson.write(plan));
        journal.write(header);
        syncFolder(folder);
        return journal;
    }

    static Journal reopen(Path folder, String id, Runnable written) throws IOException {
        Journal journal = new Journal(folder, id, StandardOpenOption.APPEND, written);
        // A line that a crash has cut short ends here, so that the next one does not run on from it.
        journal.write(line().put("reopened", true), "\n");
        return journal;
    }

    void begun(int step) throws IOException {
        write(line().put("begun", step));
    }

    void done(int step) throws IOException {
        write(line().put("done", step));
    }

    void failed(int step, String why) throws IOException {
        write(line().put("failed", step).put("why", why));
    }

    /** A step besides the plan's, which is taken back at the end whatever that is. */
    void extra(Step.Send step) throws IOException {
        ObjectNode line = line();
        line.set("extra", step.toJson());
        write(line);
    }

    void undoing() throws IOException {
        write(line().put("undoing", true));
    }

    private static ObjectNode line() {
        return JsonNodeFactory.instance.objectNode().put("at", Instant.now().toString());
    }

    private void write(ObjectNode line) throws IOException {
        write(line, "");
    }

    private synchronized void write(ObjectNode line, String before) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((before + line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(true);
        written.run();
    }

    /** The operation is over: there is nothing to find again. */
    void remove() throws IOException {
        close();
        Files.deleteIfExists(file);
        syncFolder(folder);
    }

    private static void syncFolder(Path folder) throws IOException {
        try (FileChannel parent = FileChannel.open(folder, StandardOpenOption.READ)) {
            // A name is durable only when its folder is.
            parent.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
