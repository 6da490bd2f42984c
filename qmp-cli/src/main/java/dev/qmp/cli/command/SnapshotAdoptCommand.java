package dev.qmp.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.qmp.QmpClient;
import dev.qmp.block.BlockGraph;
import dev.qmp.block.BlockOperations;
import dev.qmp.block.Disk;
import dev.qmp.block.Layer;
import dev.qmp.cli.command.TrueTree.Outside;
import dev.qmp.cli.state.ImageRef;
import dev.qmp.cli.state.SnapshotRecord;
import dev.qmp.cli.state.SnapshotRecord.DiskRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "adopt",
        description =
                "Records the overlays of the live chains that somebody else made, so that the tree, delete and revert"
                        + " know them.")
final class SnapshotAdoptCommand extends TargetCommand {

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "NAME=FILE",
            description =
                    "what an overlay's snapshot is called; the same NAME for overlays of several disks that were made"
                            + " together (default: all that are outside the record, each by its file's name)")
    private List<String> wanted = new ArrayList<>();

    @Override
    int run(QmpClient client) throws InterruptedException {
        TrueTree tree = new TrueTree(this, client);
        BlockGraph graph = await(new BlockOperations(client).graph());
        Map<String, String> names = names(client);
        Map<String, List<DiskRecord>> adopted = new LinkedHashMap<>();
        List<Outside> live = tree.outside().stream()
                .filter(overlay -> overlay.disk() != null)
                .toList();
        for (Outside overlay : live) {
            String name = names.isEmpty() ? stem(overlay.file()) : names.remove(overlay.file());
            if (name != null) {
                adopted.computeIfAbsent(name, same -> new ArrayList<>()).add(record(graph, overlay));
            }
        }
        if (!names.isEmpty()) {
            throw new UsageException(
                    String.join(", ", names.keySet()) + ": no overlay outside the record that a live chain has",
                    "`qmp snapshot tree` shows those that there are");
        }
        Records records = new Records(context(), client);
        for (String name : adopted.keySet()) {
            if (records.read().snapshot(name).isPresent()) {
                throw new UsageException(
                        "this guest has a snapshot '" + name + "' already", "choose another name: NAME=FILE");
            }
        }
        List<SnapshotRecord> snapshots = adopted.entrySet().stream()
                .map(entry -> new SnapshotRecord(
                        entry.getKey(), made(entry.getValue()), "adopted", null, false, entry.getValue()))
                .toList();
        records.adopted(snapshots);
        if (json()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            snapshots.forEach(snapshot -> array.add(snapshot.name()));
            print(array);
            return Failure.DONE;
        }
        snapshots.forEach(snapshot -> snapshot.disks()
                .forEach(disk -> console()
                        .out("adopted " + snapshot.name() + ": "
                                + disk.overlay().file() + " on " + disk.base().file())));
        if (snapshots.isEmpty()) {
            note("every overlay of the live chains is recorded");
        }
        return Failure.DONE;
    }

    private Map<String, String> names(QmpClient client) {
        Map<String, String> names = new LinkedHashMap<>();
        for (String word : wanted) {
            int equals = word.indexOf('=');
            if (equals < 1) {
                throw new UsageException("'" + word + "' is no NAME=FILE", "for example snap1=/images/snap1.qcow2");
            }
            names.put(Targets.file(word.substring(equals + 1), context(), client.address()), word.substring(0, equals));
        }
        return names;
    }

    private static DiskRecord record(BlockGraph graph, Outside overlay) {
        Disk disk = graph.disk(String.valueOf(overlay.disk()));
        return new DiskRecord(
                disk.name(),
                new ImageRef(overlay.below(), format(disk, overlay.below())),
                new ImageRef(overlay.file(), format(disk, overlay.file())));
    }

    private static String format(Disk disk, String file) {
        return disk.layer(file).map(Layer::format).orElse("qcow2");
    }

    /** The file's own time of birth, or of its last change where its file system keeps none. */
    private Instant made(List<DiskRecord> disks) {
        try {
            return ((java.nio.file.attribute.FileTime)
                            Files.getAttribute(Path.of(disks.get(0).overlay().file()), "creationTime"))
                    .toInstant();
        } catch (IOException | RuntimeException e) {
            return context().clock().instant();
        }
    }

    private static String stem(String file) {
        String base = file.substring(file.lastIndexOf('/') + 1);
        int dot = base.lastIndexOf('.');
        return dot > 0 ? base.substring(0, dot) : base;
    }
}
