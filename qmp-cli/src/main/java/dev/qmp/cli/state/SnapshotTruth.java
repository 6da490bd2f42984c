package dev.qmp.cli.state;

import dev.qmp.cli.state.SnapshotRecord.DiskRecord;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds records against what is: the live chains and the files. The chain is believed first, then what was written down
 * about merges, then what can be concluded.
 *
 * <p>What can be concluded about an overlay that is no longer in the chain, though nobody wrote down why: its data went up
 * into the nearest layer above it that is still there (a pull), unless the nearest one below it was modified after it had
 * frozen, because only a commit writes to a layer below the active one.
 */
public final class SnapshotTruth {

    /** What has become of an overlay. */
    public enum State {
        /** The live chain has it. */
        IN_CHAIN,
        /** Its data live in another layer now. */
        MERGED,
        /** Its file is gone, though the chain or nothing at all accounts for it. */
        MISSING,
        /**
         * Its file is there, or nobody can look, and no live disk uses it, nor is known to have taken its data: another
         * branch.
         */
        ELSEWHERE
    }

    /**
     * The truth about one disk of a record.
     *
     * @param into for {@link State#MERGED} the file that has the data, null where nobody can tell
     */
    public record DiskTruth(
            DiskRecord disk, State state, @Nullable String into) {}

    /** The truth about a record. */
    public record Truth(SnapshotRecord snapshot, boolean current, List<DiskTruth> disks) {
        public Truth {
            disks = List.copyOf(disks);
        }
    }

    /** A look at files: the time of the last change, empty where there is no such file. */
    @FunctionalInterface
    public interface Files {

        /** Files of another host, at which nobody looks: the live chain and what was written down are all that is known. */
        Files UNSEEN = file -> Optional.empty();

        Optional<Instant> modified(String file);
    }

    private final GuestState state;
    private final Map<String, List<String>> chains;
    private final Files files;

    /**
     * @param chains by disk the files of the live chain, active first
     */
    public SnapshotTruth(GuestState state, Map<String, List<String>> chains, Files files) {
        this.state = state;
        this.chains = Map.copyOf(chains);
        this.files = files;
    }

    /** Every record, oldest first. */
    public List<Truth> all() {
        List<Truth> truths = new ArrayList<>();
        for (SnapshotRecord snapshot : state.snapshots()) {
            List<DiskTruth> disks = snapshot.disks().stream().map(this::truth).toList();
            boolean current = active(snapshot.disks())
                    || state.branches().stream()
                            .anyMatch(branch -> branch.from().equals(snapshot.name()) && active(branch.disks()));
            truths.add(new Truth(snapshot, current, disks));
        }
        return truths;
    }

    /** The name of the record whose overlays the guest writes to now. */
    public Optional<String> current() {
        return all().stream()
                .filter(Truth::current)
                .map(t -> t.snapshot().name())
                .reduce((first, last) -> last);
    }

    /** Whether the guest writes to the overlays of these. */
    private boolean active(List<DiskRecord> disks) {
        return !disks.isEmpty()
                && disks.stream().allMatch(d -> isActive(d.overlay().file(), chain(d)));
    }

    private DiskTruth truth(DiskRecord disk) {
        String overlay = disk.overlay().file();
        List<String> chain = chain(disk);
        boolean exists = files == Files.UNSEEN || files.modified(overlay).isPresent();
        if (in(chain, overlay)) {
            return new DiskTruth(disk, exists ? State.IN_CHAIN : State.MISSING, null);
        }
        // What the guest has left by going back stays as it was, whatever is written to the images below it.
        boolean left = exists && left(disk);
        Optional<String> into =
                left ? Optional.empty() : recordedMerge(overlay, chain).or(() -> concludedMerge(disk, chain));
        if (into.isPresent()) {
            return new DiskTruth(disk, State.MERGED, into.get());
        }
        return new DiskTruth(disk, exists ? State.ELSEWHERE : State.MISSING, null);
    }

    /** Whether the guest went back to a moment below an overlay that is in no chain. */
    private boolean left(DiskRecord disk) {
        Set<String> seen = new HashSet<>();
        String base = disk.base().file();
        while (seen.add(base)) {
            String at = base;
            if (state.branches().stream()
                    .flatMap(branch -> branch.disks().stream())
                    .anyMatch(d -> d.disk().equals(disk.disk()) && same(d.base().file(), at))) {
                return true;
            }
            Optional<DiskRecord> lower = state.snapshots().stream()
                    .flatMap(s -> s.disks().stream())
                    .filter(d -> d.disk().equals(disk.disk()))
                    .filter(d -> same(d.overlay().file(), at))
                    .findFirst();
            if (lower.isEmpty()) {
                return false;
            }
            base = lower.get().base().file();
        }
        return false;
    }

    /** Follows what was written down, since the layer that took the data can have been merged in its turn. */
    private Optional<String> recordedMerge(String file, List<String> chain) {
        Set<String> seen = new HashSet<>();
        String at = file;
        while (seen.add(at)) {
            String from = at;
            Optional<MergeRecord> merge =
                    state.merges().stream().filter(m -> same(m.file(), from)).reduce((first, last) -> last);
            if (merge.isEmpty()) {
                break;
            }
            at = merge.get().into();
            if (in(chain, at)) {
                break;
            }
        }
        return same(at, file) ? Optional.empty() : Optional.of(at);
    }

    private Optional<String> concludedMerge(DiskRecord disk, List<String> chain) {
        if (files == Files.UNSEEN) {
            return Optional.empty();
        }
        Optional<String> below = nearestBelow(disk, chain);
        Optional<Child> child = child(disk);
        if (below.isPresent()) {
            Instant frozen = child.map(c -> c.snapshot().createdAt()).orElse(Instant.MAX);
            boolean active = isActive(below.get(), chain);
            boolean written =
                    files.modified(below.get()).filter(t -> t.isAfter(frozen)).isPresent();
            if (!active && written) {
                return below;
            }
        }
        Optional<String> above = child.flatMap(c -> nearestAbove(c, chain));
        if (above.isPresent()) {
            return above;
        }
        // Nothing above is left: a layer below became active again by a commit, or by going back to it.
        return Optional.empty();
    }

    private record Child(SnapshotRecord snapshot, DiskRecord disk) {}

    private Optional<Child> child(DiskRecord of) {
        for (SnapshotRecord snapshot : state.snapshots()) {
            for (DiskRecord disk : snapshot.disks()) {
                if (disk.disk().equals(of.disk())
                        && same(disk.base().file(), of.overlay().file())) {
                    return Optional.of(new Child(snapshot, disk));
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> nearestAbove(Child from, List<String> chain) {
        Set<String> seen = new HashSet<>();
        Optional<Child> at = Optional.of(from);
        while (at.isPresent() && seen.add(at.get().disk().overlay().file())) {
            String overlay = at.get().disk().overlay().file();
            if (in(chain, overlay)) {
                return Optional.of(overlay);
            }
            at = child(at.get().disk());
        }
        return Optional.empty();
    }

    private Optional<String> nearestBelow(DiskRecord from, List<String> chain) {
        Set<String> seen = new HashSet<>();
        String base = from.base().file();
        while (seen.add(base)) {
            if (in(chain, base)) {
                return Optional.of(base);
            }
            String overlay = base;
            Optional<DiskRecord> lower = state.snapshots().stream()
                    .flatMap(s -> s.disks().stream())
                    .filter(d -> d.disk().equals(from.disk()))
                    .filter(d -> same(d.overlay().file(), overlay))
                    .findFirst();
            if (lower.isEmpty()) {
                return Optional.empty();
            }
            base = lower.get().base().file();
        }
        return Optional.empty();
    }

    private List<String> chain(DiskRecord disk) {
        return chains.getOrDefault(disk.disk(), List.of());
    }

    private static boolean isActive(String file, List<String> chain) {
        return !chain.isEmpty() && same(chain.get(0), file);
    }

    private static boolean in(List<String> chain, String file) {
        return chain.stream().anyMatch(f -> same(f, file));
    }

    private static boolean same(String a, String b) {
        return a.equals(b)
                || (a.startsWith("/") && b.startsWith("/") && normal(a).equals(normal(b)));
    }

    private static String normal(String name) {
        try {
            return Path.of(name).normalize().toString();
        } catch (InvalidPathException e) {
            return name; // QEMU's words can be what no file is called
        }
    }
}
