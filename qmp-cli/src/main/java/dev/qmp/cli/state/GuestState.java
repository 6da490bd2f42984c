package dev.qmp.cli.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All that is remembered of one guest, oldest first. Immutable. */
public record GuestState(List<SnapshotRecord> snapshots, List<MergeRecord> merges) {

    static final GuestState EMPTY = new GuestState(List.of(), List.of());

    public GuestState {
        snapshots = List.copyOf(snapshots);
        merges = List.copyOf(merges);
    }

    public Optional<SnapshotRecord> snapshot(String name) {
        return snapshots.stream().filter(s -> s.name().equals(name)).findFirst();
    }

    public GuestState with(SnapshotRecord snapshot) {
        List<SnapshotRecord> more = new ArrayList<>(snapshots);
        more.add(snapshot);
        return new GuestState(more, merges);
    }

    public GuestState withMerges(List<MergeRecord> merged) {
        List<MergeRecord> more = new ArrayList<>(merges);
        more.addAll(merged);
        return new GuestState(snapshots, more);
    }
}
