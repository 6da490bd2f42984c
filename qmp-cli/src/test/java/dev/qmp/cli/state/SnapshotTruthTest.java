package dev.qmp.cli.state;

import static dev.qmp.cli.state.SnapshotTruth.State.ELSEWHERE;
import static dev.qmp.cli.state.SnapshotTruth.State.IN_CHAIN;
import static dev.qmp.cli.state.SnapshotTruth.State.MERGED;
import static dev.qmp.cli.state.SnapshotTruth.State.MISSING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.cli.state.SnapshotTruth.DiskTruth;
import dev.qmp.cli.state.SnapshotTruth.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The guest took s1, s2, s3 on base, a second apart; then something happened. */
class SnapshotTruthTest {

    private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");
    private static final Set<String> ALL = Set.of("base", "s1", "s2", "s3");

    /** What is expected of a snapshot: its state, and where its data are. */
    private record Fate(State state, @Nullable String into) {
        static final Fate HERE = new Fate(IN_CHAIN, null);
        static final Fate GONE = new Fate(MISSING, null);
        static final Fate ASIDE = new Fate(ELSEWHERE, null);

        static Fate in(String file) {
            return new Fate(MERGED, file);
        }
    }

    private static GuestState walk(MergeRecord... merges) {
        return new GuestState(
                List.of(
                        Samples.snapshot("s1", null, START.plusSeconds(1), Samples.disk("vda", "/base", "/s1")),
                        Samples.snapshot("s2", "s1", START.plusSeconds(2), Samples.disk("vda", "/s1", "/s2")),
                        Samples.snapshot("s3", "s2", START.plusSeconds(3), Samples.disk("vda", "/s2", "/s3"))),
                List.of(merges));
    }

    @Test
    void where_nobody_can_look_at_files_the_chain_is_believed_and_nothing_is_concluded() {
        Map<String, List<String>> chains = Map.of("vda", List.of("/s3", "/s1", "/base"));
        SnapshotTruth unseen = new SnapshotTruth(walk(), chains, SnapshotTruth.Files.UNSEEN);
        assertThat(unseen.all())
                .extracting(truth -> truth.disks().get(0).state())
                .containsExactly(IN_CHAIN, ELSEWHERE, IN_CHAIN);
        SnapshotTruth told = new SnapshotTruth(walk(merge("s2", "s3")), chains, SnapshotTruth.Files.UNSEEN);
        assertThat(told.all().get(1).disks().get(0))
                .returns(MERGED, DiskTruth::state)
                .returns("/s3", DiskTruth::into);
    }

    private static MergeRecord merge(String file, String into) {
        return new MergeRecord("/" + file, "/" + into, "pull", START.plusSeconds(9));
    }

    /** Frozen layers are as old as the snapshot that froze them, but for those that were written to since. */
    private static SnapshotTruth.Files files(Set<String> existing, Set<String> writtenSince) {
        return file -> {
            String name = file.substring(1);
            if (!existing.contains(name)) {
                return Optional.empty();
            }
            return Optional.of(writtenSince.contains(name) ? START.plusSeconds(60) : START);
        };
    }

    private static List<String> paths(String... names) {
        List<String> paths = new ArrayList<>();
        for (String name : names) {
            paths.add("/" + name);
        }
        return paths;
    }

    static List<Arguments> fates() {
        return List.of(
                fate(
                        "as taken",
                        walk(),
                        paths("s3", "s2", "s1", "base"),
                        ALL,
                        Set.of(),
                        Fate.HERE,
                        Fate.HERE,
                        Fate.HERE),
                fate(
                        "the walk: pulled down to s1, and written down",
                        walk(merge("s2", "s3")),
                        paths("s3", "s1", "base"),
                        ALL,
                        Set.of(),
                        Fate.HERE,
                        Fate.in("/s3"),
                        Fate.HERE),
                fate(
                        "the walk, pulled by somebody who wrote nothing down",
                        walk(),
                        paths("s3", "s1", "base"),
                        ALL,
                        Set.of(),
                        Fate.HERE,
                        Fate.in("/s3"),
                        Fate.HERE),
                fate(
                        "the walk, and the merged file was deleted",
                        walk(merge("s2", "s3")),
                        paths("s3", "s1", "base"),
                        Set.of("base", "s1", "s3"),
                        Set.of(),
                        Fate.HERE,
                        Fate.in("/s3"),
                        Fate.HERE),
                fate(
                        "flattened, written down",
                        walk(merge("s2", "s3"), merge("s1", "s3"), merge("base", "s3")),
                        paths("s3"),
                        ALL,
                        Set.of(),
                        Fate.in("/s3"),
                        Fate.in("/s3"),
                        Fate.HERE),
                fate(
                        "flattened, not written down",
                        walk(),
                        paths("s3"),
                        ALL,
                        Set.of(),
                        Fate.in("/s3"),
                        Fate.in("/s3"),
                        Fate.HERE),
                fate(
                        "s2 committed into s1 by somebody else: s1 was written after it had frozen",
                        walk(),
                        paths("s3", "s1", "base"),
                        ALL,
                        Set.of("s1"),
                        Fate.HERE,
                        Fate.in("/s1"),
                        Fate.HERE),
                fate(
                        "s1 and s2 committed into base by somebody else",
                        walk(),
                        paths("s3", "base"),
                        ALL,
                        Set.of("base"),
                        Fate.in("/base"),
                        Fate.in("/base"),
                        Fate.HERE),
                fate(
                        "all committed into base, which is active now, and written down",
                        walk(merge("s3", "base"), merge("s2", "base"), merge("s1", "base")),
                        paths("base"),
                        Set.of("base"),
                        Set.of("base"),
                        Fate.in("/base"),
                        Fate.in("/base"),
                        Fate.in("/base")),
                fate(
                        "base is active again and nobody said why: it was committed or gone back to, so nothing is"
                                + " claimed",
                        walk(),
                        paths("base"),
                        ALL,
                        Set.of("base"),
                        Fate.ASIDE,
                        Fate.ASIDE,
                        Fate.ASIDE),
                fate(
                        "the same with the overlays deleted",
                        walk(),
                        paths("base"),
                        Set.of("base"),
                        Set.of("base"),
                        Fate.GONE,
                        Fate.GONE,
                        Fate.GONE),
                fate(
                        "a layer of the live chain was unlinked: QEMU holds it open, the next start will not find it",
                        walk(),
                        paths("s3", "s2", "s1", "base"),
                        Set.of("base", "s2", "s3"),
                        Set.of(),
                        Fate.GONE,
                        Fate.HERE,
                        Fate.HERE),
                fate(
                        "merges in a chain: s1 into s2, then s2 into s3",
                        walk(merge("s1", "s2"), merge("s2", "s3")),
                        paths("s3", "base"),
                        ALL,
                        Set.of(),
                        Fate.in("/s3"),
                        Fate.in("/s3"),
                        Fate.HERE),
                fate(
                        "merge records that go round in a circle do not keep us for ever",
                        walk(merge("s1", "s2"), merge("s2", "s1")),
                        paths("s3"),
                        ALL,
                        Set.of(),
                        Fate.in("/s3"),
                        Fate.in("/s3"),
                        Fate.HERE),
                fate(
                        "the guest was started from another branch",
                        walk(),
                        paths("other", "s1", "base"),
                        Set.of("base", "s1", "s2", "s3", "other"),
                        Set.of(),
                        Fate.HERE,
                        Fate.ASIDE,
                        Fate.ASIDE),
                fate(
                        "the disk is not there any more",
                        walk(),
                        List.of(),
                        ALL,
                        Set.of(),
                        Fate.ASIDE,
                        Fate.ASIDE,
                        Fate.ASIDE),
                fate(
                        "QEMU names a layer in a roundabout way",
                        walk(),
                        List.of("/x/../s3", "/./s2", "/s1", "/base"),
                        ALL,
                        Set.of(),
                        Fate.HERE,
                        Fate.HERE,
                        Fate.HERE));
    }

    private static Arguments fate(
            String what,
            GuestState state,
            List<String> chain,
            Set<String> existing,
            Set<String> written,
            Fate... expected) {
        return Arguments.of(what, state, chain, existing, written, List.of(expected));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fates")
    void the_truth_is_told(
            String what,
            GuestState state,
            List<String> chain,
            Set<String> existing,
            Set<String> written,
            List<Fate> expected) {
        SnapshotTruth truth = new SnapshotTruth(state, Map.of("vda", chain), files(existing, written));
        assertThat(truth.all())
                .extracting(t -> t.disks().get(0))
                .extracting(d -> new Fate(d.state(), d.into()))
                .isEqualTo(expected);
    }

    @Test
    void the_snapshot_whose_overlay_the_guest_writes_to_is_current() {
        SnapshotTruth truth = new SnapshotTruth(walk(), Map.of("vda", paths("s3", "s1", "base")), files(ALL, Set.of()));
        assertThat(truth.current()).contains("s3");
        assertThat(truth.all()).extracting(SnapshotTruth.Truth::current).containsExactly(false, false, true);
    }

    @Test
    void no_snapshot_is_current_where_the_guest_writes_to_none_of_them() {
        SnapshotTruth truth = new SnapshotTruth(walk(), Map.of("vda", paths("base")), files(ALL, Set.of()));
        assertThat(truth.current()).isEmpty();
    }

    @Test
    void two_disks_of_one_snapshot_have_fates_of_their_own() {
        GuestState state = new GuestState(
                List.of(
                        Samples.snapshot(
                                "s1",
                                null,
                                START.plusSeconds(1),
                                Samples.disk("vda", "/base", "/s1"),
                                Samples.disk("vdb", "/b", "/b1")),
                        Samples.snapshot(
                                "s2",
                                "s1",
                                START.plusSeconds(2),
                                Samples.disk("vda", "/s1", "/s2"),
                                Samples.disk("vdb", "/b1", "/b2"))),
                List.of(merge("s1", "s2")));
        Map<String, List<String>> chains = new HashMap<>();
        chains.put("vda", paths("s2", "base"));
        chains.put("vdb", paths("b2", "b1", "b"));
        SnapshotTruth truth =
                new SnapshotTruth(state, chains, files(Set.of("base", "s1", "s2", "b", "b1", "b2"), Set.of()));
        List<DiskTruth> first = truth.all().get(0).disks();
        assertThat(first).extracting(DiskTruth::state).containsExactly(MERGED, IN_CHAIN);
        assertThat(first.get(0).into()).isEqualTo("/s2");
        assertThat(truth.current()).contains("s2");
    }

    @Test
    void a_snapshot_of_two_disks_is_not_current_where_one_of_them_has_moved_on() {
        GuestState state = new GuestState(
                List.of(Samples.snapshot(
                        "s1", null, START, Samples.disk("vda", "/base", "/s1"), Samples.disk("vdb", "/b", "/b1"))),
                List.of());
        SnapshotTruth truth = new SnapshotTruth(
                state,
                Map.of("vda", paths("s1", "base"), "vdb", paths("b2", "b1", "b")),
                files(Set.of("base", "s1", "b", "b1", "b2"), Set.of()));
        assertThat(truth.current()).isEmpty();
    }

    @Test
    void nothing_recorded_is_nothing_to_tell() {
        SnapshotTruth truth = new SnapshotTruth(GuestState.EMPTY, Map.of("vda", paths("base")), f -> Optional.empty());
        assertThat(truth.all()).isEmpty();
        assertThat(truth.current()).isEmpty();
    }
}
