package dev.qmp.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.QmpClient;
import dev.qmp.block.BlockGraph;
import dev.qmp.block.BlockOperations;
import dev.qmp.cli.state.SnapshotTruth.DiskTruth;
import dev.qmp.cli.state.SnapshotTruth.State;
import dev.qmp.cli.state.SnapshotTruth.Truth;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Recorded snapshots, held against what is true now, in the forms that more than one command shows. */
final class SnapshotViews {

    private SnapshotViews() {}

    static List<Truth> all(Subcommand command, QmpClient client) throws InterruptedException {
        return all(
                command,
                client,
                new Records(command.context(), client),
                TargetCommand.await(new BlockOperations(client).graph()));
    }

    /** By records and a graph that the caller has read. */
    static List<Truth> all(Subcommand command, QmpClient client, Records records, BlockGraph graph) {
        if (Host.mayBeAnother(client.address())) {
            command.note("note: QEMU at " + client.address()
                    + " may run on another host: its files are not looked at, only its live chain and the"
                    + " records here");
        }
        return records.truth(graph).all();
    }

    static ArrayNode documents(List<Truth> truths) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        truths.forEach(truth -> array.add(document(truth)));
        return array;
    }

    static ObjectNode document(Truth truth) {
        ObjectNode document = JsonNodeFactory.instance
                .objectNode()
                .put("name", truth.snapshot().name())
                .put("createdAt", truth.snapshot().createdAt().toString())
                .put("description", truth.snapshot().description())
                .put("parent", truth.snapshot().parent())
                .put("current", truth.current())
                .put("memory", truth.snapshot().memory());
        ArrayNode disks = document.putArray("disks");
        for (DiskTruth disk : truth.disks()) {
            disks.addObject()
                    .put("disk", disk.disk().disk())
                    .put("base", disk.disk().base().file())
                    .put("overlay", disk.disk().overlay().file())
                    .put("state", word(disk.state()))
                    .put("into", disk.into());
        }
        return document;
    }

    /** What is true of a snapshot, in words: once where all its disks agree, else disk by disk. */
    static String remark(Truth truth) {
        List<String> words =
                truth.disks().stream().map(SnapshotViews::remark).distinct().toList();
        String text = words.size() == 1
                ? words.get(0)
                : truth.disks().stream()
                        .map(d -> d.disk().disk() + ": " + remark(d))
                        .collect(Collectors.joining("; "));
        return truth.current() ? text + ", current" : text;
    }

    private static String remark(DiskTruth disk) {
        return switch (disk.state()) {
            case IN_CHAIN -> "in chain";
            case MERGED -> "merged: its data are in " + (disk.into() == null ? "another layer" : disk.into());
            case MISSING -> "file missing: " + disk.disk().overlay().file();
            case ELSEWHERE -> "not in use: " + disk.disk().overlay().file();
        };
    }

    private static String word(State state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
