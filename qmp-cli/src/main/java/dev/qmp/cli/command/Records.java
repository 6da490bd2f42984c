package dev.qmp.cli.command;

import dev.qmp.QmpClient;
import dev.qmp.block.BlockGraph;
import dev.qmp.block.Disk;
import dev.qmp.block.Layer;
import dev.qmp.block.SnapshotPlan;
import dev.qmp.block.SnapshotResult;
import dev.qmp.cli.state.BranchRecord;
import dev.qmp.cli.state.GuestKey;
import dev.qmp.cli.state.GuestState;
import dev.qmp.cli.state.ImageRef;
import dev.qmp.cli.state.MergeRecord;
import dev.qmp.cli.state.SnapshotRecord;
import dev.qmp.cli.state.SnapshotRecord.DiskRecord;
import dev.qmp.cli.state.SnapshotTruth;
import dev.qmp.qapi.NameInfo;
import dev.qmp.qapi.QueryName;
import dev.qmp.qapi.QueryUuid;
import dev.qmp.qapi.UuidInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The records of one connected guest: what was written down of it, and what is true of that now. */
final class Records {

    /** What the folder of a guest's journals is called, behind the guest's key. */
    static final String OPERATIONS = ".operations";

    private final CliContext context;
    private final GuestKey guest;
    private final boolean seesFiles;

    Records(CliContext context, QmpClient client) throws InterruptedException {
        this.context = context;
        this.seesFiles = !Host.mayBeAnother(client.address());
        this.guest = GuestKey.of(
                TargetCommand.ask(client, new QueryUuid()).map(UuidInfo::uuid).orElse(null),
                TargetCommand.ask(client, new QueryName())
                        .map(NameInfo::name)
                        .map(name -> Host.prefix(client.address()) + name)
                        .orElse(null),
                client.address().toString());
    }

    GuestState read() {
        return context.state().read(guest);
    }

    /** Where the journals of this guest's operations are, and its lock. */
    Path operations() {
        return context.state().folder().resolve(guest.fileName() + OPERATIONS);
    }

    SnapshotTruth truth(BlockGraph graph) {
        graph.requireFiles();
        return truth(read(), graph);
    }

    private SnapshotTruth truth(GuestState state, BlockGraph graph) {
        Map<String, List<String>> chains = new HashMap<>();
        for (Disk disk : graph.disks()) {
            chains.put(disk.name(), disk.layers().stream().map(Layer::file).toList());
        }
        return new SnapshotTruth(state, chains, seesFiles ? Records::modified : SnapshotTruth.Files.UNSEEN);
    }

    void created(SnapshotResult result, @Nullable String description) {
        context.state().update(guest, state -> {
            List<DiskRecord> disks = new ArrayList<>();
            for (SnapshotPlan.Entry entry : result.plan().disks()) {
                disks.add(new DiskRecord(
                        entry.disk().name(),
                        new ImageRef(entry.base().file(), entry.base().format()),
                        new ImageRef(entry.overlay(), "qcow2")));
            }
            return state.with(new SnapshotRecord(
                    result.plan().name(), result.createdAt(), description, parent(state, disks), false, disks));
        });
    }

    void merged(List<String> files, String into, String how) {
        if (files.isEmpty() || read().snapshots().isEmpty()) {
            return;
        }
        Instant now = context.clock().instant();
        List<MergeRecord> merges = files.stream()
                .map(file -> new MergeRecord(file, into, how, now))
                .toList();
        context.state().update(guest, state -> state.withMerges(merges));
    }

    /** Snapshots that others have made, as what they are: the oldest first, each under the one whose overlay it stands on. */
    void adopted(List<SnapshotRecord> snapshots) {
        context.state().update(guest, state -> {
            GuestState more = state;
            for (SnapshotRecord snapshot : snapshots) {
                more = more.with(new SnapshotRecord(
                        snapshot.name(),
                        snapshot.createdAt(),
                        snapshot.description(),
                        parent(more, snapshot.disks()),
                        snapshot.memory(),
                        snapshot.disks()));
            }
            return more.reparented();
        });
    }

    /** The guest went back to a snapshot. */
    void branched(BranchRecord branch) {
        context.state().update(guest, state -> state.withBranch(branch));
    }

    /** Snapshots that are no more: those that were taken on top of one have its parent now. */
    void forgotten(List<String> names) {
        if (!names.isEmpty()) {
            context.state().update(guest, state -> state.without(names));
        }
    }

    /** An image is no more, and another one has its place. */
    void renamed(String file, ImageRef now) {
        context.state().update(guest, state -> state.renamed(file, now));
    }

    /** The latest snapshot whose overlay is what froze now. */
    private static @Nullable String parent(GuestState state, List<DiskRecord> disks) {
        return state.snapshots().stream()
                .filter(s -> s.disks().stream()
                        .anyMatch(d -> disks.stream()
                                .anyMatch(now ->
                                        now.base().file().equals(d.overlay().file()))))
                .map(SnapshotRecord::name)
                .reduce((first, last) -> last)
                .or(() -> state.branches().stream()
                        .filter(branch -> branch.disks().stream()
                                .anyMatch(d -> disks.stream()
                                        .anyMatch(now -> now.base()
                                                .file()
                                                .equals(d.overlay().file()))))
                        .map(BranchRecord::from)
                        .reduce((first, last) -> last))
                .orElse(null);
    }

    private static Optional<Instant> modified(String file) {
        try {
            return Optional.of(Files.getLastModifiedTime(Path.of(file)).toInstant());
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }
}
