package dev.qmp.cli.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All that is remembered of one guest, oldest first. Immutable. */
public record GuestState(List<SnapshotRecord> snapshots, List<MergeRecord> merges, List<BranchRecord> branches) {

    static final GuestState EMPTY = new GuestState(List.of(), List.of(), List.of());

    public GuestState {
        snapshots = List.copyOf(snapshots);
        merges = List.copyOf(merges);
        branches = List.copyOf(branches);
    }

    /** Snapshots and merges, and no way on from any of them. */
    public GuestState(List<SnapshotRecord> snapshots, List<MergeRecord> merges) {
        this(snapshots, merges, List.of());
    }

    public Optional<SnapshotRecord> snapshot(String name) {
        return snapshots.stream().filter(s -> s.name().equals(name)).findFirst();
    }

    public GuestState with(SnapshotRecord snapshot) {
        List<SnapshotRecord> more = new ArrayList<>(snapshots);
        more.add(snapshot);
        return new GuestState(more, merges, branches);
    }

    /** Without these snapshots; those that were taken on top of one of them move to its parent. */
    public GuestState without(List<String> names) {
        List<SnapshotRecord> left = new ArrayList<>();
        for (SnapshotRecord snapshot : snapshots) {
            if (!names.contains(snapshot.name())) {
                left.add(snapshot.under(livingParent(snapshot, names)));
            }
        }
        List<BranchRecord> ways = new ArrayList<>();
        for (BranchRecord branch : branches) {
            String from = names.contains(branch.from())
                    ? snapshot(branch.from())
                            .map(gone -> livingParent(gone, names))
                            .orElse(null)
                    : branch.from();
            if (from != null) {
                ways.add(branch.from(from));
            }
        }
        return new GuestState(left, merges, ways);
    }

    public GuestState withBranch(BranchRecord branch) {
        List<BranchRecord> more = new ArrayList<>(branches);
        more.removeIf(branch::equals);
        more.add(branch);
        return new GuestState(snapshots, merges, more);
    }

    /** With those that have no parent under the one whose overlay they stand on, where there is one. */
    public GuestState reparented() {
        return new GuestState(
                snapshots.stream()
                        .map(snapshot -> snapshot.parent() == null ? snapshot.under(below(snapshot)) : snapshot)
                        .toList(),
                merges,
                branches);
    }

    private @Nullable String below(SnapshotRecord snapshot) {
        return snapshots.stream()
                .filter(other -> !other.name().equals(snapshot.name()))
                .filter(other -> other.disks().stream()
                        .anyMatch(lower -> snapshot.disks().stream()
                                .anyMatch(disk -> disk.base()
                                        .file()
                                        .equals(lower.overlay().file()))))
                .map(SnapshotRecord::name)
                .findFirst()
                .orElse(null);
    }

    /** With another image in place of one that is no more, wherever a snapshot names it. */
    public GuestState renamed(String file, ImageRef now) {
        return new GuestState(
                snapshots.stream().map(snapshot -> snapshot.renamed(file, now)).toList(),
                merges,
                branches.stream()
                        .map(branch -> new BranchRecord(
                                branch.from(), branch.at(), SnapshotRecord.renamed(branch.disks(), file, now)))
                        .toList());
    }

    private @Nullable String livingParent(SnapshotRecord snapshot, List<String> gone) {
        String parent = snapshot.parent();
        for (int i = 0; i <= snapshots.size() && parent != null && gone.contains(parent); i++) {
            parent = snapshot(parent).map(SnapshotRecord::parent).orElse(null);
        }
        return parent;
    }

    public GuestState withMerges(List<MergeRecord> merged) {
        List<MergeRecord> more = new ArrayList<>(merges);
        more.addAll(merged);
        return new GuestState(snapshots, more, branches);
    }
}
