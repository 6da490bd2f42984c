package dev.qmp.cli.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.cli.state.SnapshotRecord.DiskRecord;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A guest's state as a JSON document, with a version of its own. */
final class StateCodec {

    private static final int VERSION = 1;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private StateCodec() {}

    static GuestState read(byte[] bytes) throws IOException {
        JsonNode document;
        try {
            document = JSON.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw new IOException("it is no JSON: " + e.getOriginalMessage(), e);
        }
        if (document == null || !document.isObject() || document.path("version").asInt() < 1) {
            throw new IOException("it is no state of a guest");
        }
        if (document.path("version").asInt() > VERSION) {
            throw new IOException("it was written by a later version of qmp");
        }
        try {
            List<SnapshotRecord> snapshots = new ArrayList<>();
            for (JsonNode snapshot : array(document, "snapshots")) {
                snapshots.add(snapshot(snapshot));
            }
            List<MergeRecord> merges = new ArrayList<>();
            for (JsonNode merge : array(document, "merges")) {
                merges.add(new MergeRecord(
                        text(merge, "file"),
                        text(merge, "into"),
                        text(merge, "how"),
                        Instant.parse(text(merge, "at"))));
            }
            List<BranchRecord> branches = new ArrayList<>();
            // Files that were written before there was a revert have no such list.
            for (JsonNode branch : document.path("branches")) {
                branches.add(new BranchRecord(text(branch, "from"), Instant.parse(text(branch, "at")), disks(branch)));
            }
            return new GuestState(snapshots, merges, branches);
        } catch (DateTimeException e) {
            throw new IOException("a time in it is none", e);
        }
    }

    static byte[] write(GuestState state) throws IOException {
        ObjectNode document = JSON.createObjectNode().put("version", VERSION);
        ArrayNode snapshots = document.putArray("snapshots");
        for (SnapshotRecord record : state.snapshots()) {
            ObjectNode snapshot = snapshots
                    .addObject()
                    .put("name", record.name())
                    .put("createdAt", record.createdAt().toString())
                    .put("description", record.description())
                    .put("parent", record.parent())
                    .put("memory", record.memory());
            disks(snapshot, record.disks());
        }
        ArrayNode merges = document.putArray("merges");
        for (MergeRecord merge : state.merges()) {
            merges.addObject()
                    .put("file", merge.file())
                    .put("into", merge.into())
                    .put("how", merge.how())
                    .put("at", merge.at().toString());
        }
        ArrayNode branches = document.putArray("branches");
        for (BranchRecord branch : state.branches()) {
            disks(
                    branches.addObject()
                            .put("from", branch.from())
                            .put("at", branch.at().toString()),
                    branch.disks());
        }
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(document);
    }

    private static void disks(ObjectNode of, List<DiskRecord> disks) {
        ArrayNode array = of.putArray("disks");
        for (DiskRecord disk : disks) {
            ObjectNode one = array.addObject().put("disk", disk.disk());
            image(one.putObject("base"), disk.base());
            image(one.putObject("overlay"), disk.overlay());
        }
    }

    private static List<DiskRecord> disks(JsonNode node) throws IOException {
        List<DiskRecord> disks = new ArrayList<>();
        for (JsonNode disk : array(node, "disks")) {
            disks.add(new DiskRecord(text(disk, "disk"), image(disk.path("base")), image(disk.path("overlay"))));
        }
        return disks;
    }

    private static SnapshotRecord snapshot(JsonNode node) throws IOException {
        return new SnapshotRecord(
                text(node, "name"),
                Instant.parse(text(node, "createdAt")),
                optional(node, "description"),
                optional(node, "parent"),
                node.path("memory").asBoolean(),
                disks(node));
    }

    private static void image(ObjectNode node, ImageRef image) {
        node.put("file", image.file()).put("format", image.format());
    }

    private static ImageRef image(JsonNode node) throws IOException {
        return new ImageRef(text(node, "file"), text(node, "format"));
    }

    private static JsonNode array(JsonNode node, String member) throws IOException {
        if (!node.path(member).isArray()) {
            throw new IOException("it lacks the list " + member);
        }
        return node.path(member);
    }

    private static String text(JsonNode node, String member) throws IOException {
        if (!node.path(member).isTextual()) {
            throw new IOException("it lacks the member " + member);
        }
        return node.path(member).textValue();
    }

    private static @Nullable String optional(JsonNode node, String member) {
        return node.path(member).isTextual() ? node.path(member).textValue() : null;
    }
}
