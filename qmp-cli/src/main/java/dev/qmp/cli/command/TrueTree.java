package dev.qmp.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.QmpClient;
import dev.qmp.block.BlockGraph;
import dev.qmp.block.BlockOperations;
import dev.qmp.block.Disk;
import dev.qmp.block.Layer;
import dev.qmp.cli.render.Sizes;
import dev.qmp.cli.render.SnapshotTree;
import dev.qmp.cli.state.BranchRecord;
import dev.qmp.cli.state.SnapshotRecord.DiskRecord;
import dev.qmp.cli.state.SnapshotTruth.State;
import dev.qmp.cli.state.SnapshotTruth.Truth;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The recorded snapshots, what is true of each, and the overlays that no record knows of. */
final class TrueTree {

    /**
     * An overlay that somebody else made.
     *
     * @param disk the disk whose live chain has it; null for one that lies beside the images and is not in use
     * @param below the image that it stands on
     */
    record Outside(@Nullable String disk, String file, String below) {}

    private final List<Truth> truths;
    private final List<BranchRecord> branches;
    private final BlockGraph graph;
    private final List<Outside> outside = new ArrayList<>();

    TrueTree(Subcommand command, QmpClient client) throws InterruptedException {
        BlockOperations block = new BlockOperations(client);
        Records records = new Records(command.context(), client);
        this.graph = TargetCommand.await(block.graph());
        this.truths = SnapshotViews.all(command, client, records, graph);
        this.branches = records.read().branches();
        Set<String> recorded = new HashSet<>();
        Set<String> images = new HashSet<>();
        for (DiskRecord disk : disks()) {
            recorded.add(disk.overlay().file());
            images.add(disk.base().file());
            images.add(disk.overlay().file());
        }
        for (BranchRecord branch : branches) {
            branch.disks().forEach(disk -> recorded.add(disk.overlay().file()));
        }
        for (Disk disk : graph.disks()) {
            List<Layer> layers = disk.layers();
            for (int i = layers.size() - 2; i >= 0; i--) {
                images.add(layers.get(i + 1).file());
                images.add(layers.get(i).file());
                if (recorded.add(layers.get(i).file())) {
                    outside.add(new Outside(
                            disk.name(), layers.get(i).file(), layers.get(i + 1).file()));
                }
            }
        }
        Map<String, String> beside = block.overlaysBeside(images);
        beside.forEach((file, below) -> {
            if (recorded.add(file)) {
                outside.add(new Outside(null, file, below));
            }
        });
    }

    private List<DiskRecord> disks() {
        return truths.stream().flatMap(t -> t.snapshot().disks().stream()).toList();
    }

    List<Truth> truths() {
        return truths;
    }

    List<Outside> outside() {
        return List.copyOf(outside);
    }

    /** What discarding a snapshot would free, in bytes: what is allocated to the images that would go. */
    Optional<Long> frees(Truth truth) {
        long sum = 0;
        boolean known = false;
        Set<String> made = new HashSet<>();
        disks().forEach(disk -> made.add(disk.overlay().file()));
        for (DiskRecord record : truth.snapshot().disks()) {
            for (Disk disk : graph.disks()) {
                List<String> chain = disk.layers().stream().map(Layer::file).toList();
                int overlay = chain.indexOf(record.overlay().file());
                if (disk.name().equals(record.disk())
                        && overlay >= 0
                        && chain.indexOf(record.base().file()) == overlay + 1) {
                    long up = allocated(disk.layers().get(overlay + 1));
                    long down = allocated(disk.layers().get(overlay));
                    sum += up <= down && made.contains(record.base().file()) ? up : down;
                    known = true;
                }
            }
        }
        return known ? Optional.of(sum) : Optional.empty();
    }

    private static long allocated(Layer layer) {
        return layer.actualSize() == null ? 0 : layer.actualSize();
    }

    List<SnapshotTree.Node> nodes() {
        List<SnapshotTree.Node> nodes = new ArrayList<>();
        for (Truth truth : truths) {
            String remark = SnapshotViews.remark(truth)
                    + frees(truth)
                            .map(bytes -> ", a delete frees " + Sizes.human(bytes))
                            .orElse("");
            nodes.add(new SnapshotTree.Node(
                    truth.snapshot().name(), parent(truth), remark, truth.current(), inUse(truth)));
        }
        for (BranchRecord branch : branches) {
            branch.disks().stream().findFirst().ifPresent(disk -> {
                String file = disk.overlay().file();
                boolean used =
                        graph.disks().stream().anyMatch(d -> d.layer(file).isPresent());
                boolean active = graph.disks().stream()
                        .anyMatch(d ->
                                d.active().filter(l -> l.file().equals(file)).isPresent());
                nodes.add(new SnapshotTree.Node(
                        file,
                        branch.from(),
                        "the way on after going back to " + branch.from()
                                + (active ? ", current" : used ? "" : ", not in use"),
                        active,
                        used));
            });
        }
        for (Outside other : outside) {
            boolean active = graph.disks().stream()
                    .anyMatch(disk -> disk.active()
                            .filter(l -> l.file().equals(other.file()))
                            .isPresent());
            nodes.add(new SnapshotTree.Node(
                    other.file(),
                    snapshotOf(other.below()),
                    "outside the record, on " + other.below()
                            + (other.disk() == null ? ", not in use" : active ? ", current of " + other.disk() : ""),
                    active,
                    other.disk() != null));
        }
        return nodes;
    }

    private static boolean inUse(Truth truth) {
        return truth.disks().stream().anyMatch(disk -> disk.state() == State.IN_CHAIN);
    }

    private @Nullable String parent(Truth truth) {
        Optional<String> way = truth.snapshot().disks().stream()
                .flatMap(disk -> branches.stream()
                        .filter(branch -> branch.disks().stream()
                                .anyMatch(d ->
                                        d.overlay().file().equals(disk.base().file()))))
                .flatMap(branch -> branch.disks().stream().limit(1))
                .map(disk -> disk.overlay().file())
                .findFirst();
        String parent = way.orElse(truth.snapshot().parent());
        return parent != null
                ? parent
                : truth.snapshot().disks().stream()
                        .map(disk -> disk.base().file())
                        .filter(base -> outside.stream().anyMatch(o -> o.file().equals(base)))
                        .findFirst()
                        .orElse(null);
    }

    /** The snapshot whose overlay an image is, or the overlay outside the record. */
    private @Nullable String snapshotOf(String file) {
        return truths.stream()
                .filter(t -> t.snapshot().disks().stream()
                        .anyMatch(disk -> disk.overlay().file().equals(file)))
                .map(t -> t.snapshot().name())
                .findFirst()
                .orElseGet(() -> outside.stream()
                        .map(Outside::file)
                        .filter(file::equals)
                        .findFirst()
                        .orElse(null));
    }

    /** As {@code snapshot list}, with what each would free; what lies outside the record is named apart. */
    ObjectNode document() {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        ArrayNode snapshots = document.putArray("snapshots");
        for (Truth truth : truths) {
            ObjectNode one = SnapshotViews.document(truth);
            one.put("frees", frees(truth).orElse(null));
            snapshots.add(one);
        }
        ArrayNode others = document.putArray("outside");
        outside.forEach(other -> others.addObject()
                .put("disk", other.disk())
                .put("file", other.file())
                .put("below", other.below()));
        return document;
    }
}
