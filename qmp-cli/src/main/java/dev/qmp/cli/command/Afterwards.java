package dev.qmp.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.cli.state.BranchRecord;
import dev.qmp.cli.state.ImageRef;
import dev.qmp.cli.state.SnapshotRecord.DiskRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What the records of snapshots have to say when an operation is done. It lies with the operation's journal, so that whoever
 * finishes the operation writes it down; to do that twice is the same as once.
 *
 * @param merges data that moved from one layer to another
 * @param forgotten the snapshots that are no more
 * @param renames what the other snapshots' images are now
 * @param branches ways on from a snapshot
 */
record Afterwards(List<Merge> merges, List<String> forgotten, List<Rename> renames, List<BranchRecord> branches) {

    static final Afterwards NOTHING = new Afterwards(List.of(), List.of(), List.of(), List.of());

    /** An image that is no more, and the one that has its place in what is left of the records. */
    record Rename(String file, ImageRef now) {}

    /** Layers that left the chain, the one that has their data now, and how: {@code pull} or {@code commit}. */
    record Merge(List<String> files, String into, String how) {
        Merge {
            files = List.copyOf(files);
        }
    }

    Afterwards {
        merges = List.copyOf(merges);
        forgotten = List.copyOf(forgotten);
        renames = List.copyOf(renames);
        branches = List.copyOf(branches);
    }

    static Afterwards merged(List<String> files, String into, String how) {
        return new Afterwards(List.of(new Merge(files, into, how)), List.of(), List.of(), List.of());
    }

    void write(Records records) {
        for (Merge merge : merges) {
            records.merged(merge.files(), merge.into(), merge.how());
        }
        records.forgotten(forgotten);
        renames.forEach(rename -> records.renamed(rename.file(), rename.now()));
        branches.forEach(records::branched);
    }

    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode array = json.putArray("merges");
        for (Merge merge : merges) {
            ObjectNode one = array.addObject().put("into", merge.into()).put("how", merge.how());
            ArrayNode files = one.putArray("files");
            merge.files().forEach(files::add);
        }
        ArrayNode names = json.putArray("forgotten");
        forgotten.forEach(names::add);
        ArrayNode images = json.putArray("renames");
        renames.forEach(rename -> images.addObject()
                .put("file", rename.file())
                .put("now", rename.now().file())
                .put("format", rename.now().format()));
        ArrayNode ways = json.putArray("branches");
        for (BranchRecord branch : branches) {
            ObjectNode one = ways.addObject()
                    .put("from", branch.from())
                    .put("at", branch.at().toString());
            ArrayNode disks = one.putArray("disks");
            for (DiskRecord disk : branch.disks()) {
                ObjectNode record = disks.addObject().put("disk", disk.disk());
                record.putObject("base")
                        .put("file", disk.base().file())
                        .put("format", disk.base().format());
                record.putObject("overlay")
                        .put("file", disk.overlay().file())
                        .put("format", disk.overlay().format());
            }
        }
        return json;
    }

    private static BranchRecord branch(JsonNode json) {
        List<DiskRecord> disks = new ArrayList<>();
        for (JsonNode disk : json.path("disks")) {
            disks.add(
                    new DiskRecord(disk.path("disk").asText(), image(disk.path("base")), image(disk.path("overlay"))));
        }
        return new BranchRecord(
                json.path("from").asText(), Instant.parse(json.path("at").asText()), disks);
    }

    private static ImageRef image(JsonNode json) {
        return new ImageRef(json.path("file").asText(), json.path("format").asText());
    }

    static Afterwards read(JsonNode json) {
        List<Merge> merges = new ArrayList<>();
        for (JsonNode merge : json.path("merges")) {
            merges.add(new Merge(
                    texts(merge.path("files")),
                    merge.path("into").asText(),
                    merge.path("how").asText()));
        }
        List<Rename> renames = new ArrayList<>();
        for (JsonNode rename : json.path("renames")) {
            renames.add(new Rename(
                    rename.path("file").asText(),
                    new ImageRef(
                            rename.path("now").asText(), rename.path("format").asText())));
        }
        List<BranchRecord> branches = new ArrayList<>();
        json.path("branches").forEach(way -> branches.add(branch(way)));
        return new Afterwards(merges, texts(json.path("forgotten")), renames, branches);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
