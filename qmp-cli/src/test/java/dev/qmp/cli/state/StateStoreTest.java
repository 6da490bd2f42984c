package dev.qmp.cli.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateStoreTest {

    private static final GuestKey DAISY = new GuestKey("name-daisy");
    private static final Instant AT = Instant.parse("2026-11-23T10:15:30Z");

    @TempDir
    private Path temp;

    private StateStore store() {
        return new StateStore(temp.resolve("state"));
    }

    private static SnapshotRecord snapshot(String name) {
        return Samples.snapshot(name, null, AT, Samples.disk("vda", "/b", "/" + name));
    }

    private Path daisysFile() {
        return temp.resolve("state/name-daisy.json");
    }

    private void daisysFileHolds(String text) throws IOException {
        Files.createDirectories(temp.resolve("state"));
        Files.writeString(daisysFile(), text);
    }

    @Test
    void a_guest_that_was_never_written_of_has_an_empty_state_and_reading_makes_no_folder() {
        assertThat(store().read(DAISY)).isEqualTo(GuestState.EMPTY);
        assertThat(temp.resolve("state")).doesNotExist();
    }

    @Test
    void what_was_updated_is_read_by_the_next_process() {
        GuestState changed = store().update(DAISY, state -> state.with(snapshot("s1")));
        assertThat(changed.snapshots()).hasSize(1);
        assertThat(store().read(DAISY)).isEqualTo(changed);
    }

    @Test
    void guests_have_files_of_their_own() {
        store().update(DAISY, state -> state.with(snapshot("s1")));
        assertThat(store().read(new GuestKey("name-rose"))).isEqualTo(GuestState.EMPTY);
    }

    @Test
    void the_folder_is_made_for_its_owner_alone() throws IOException {
        store().update(DAISY, state -> state);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve("state"))))
                .isEqualTo("rwx------");
    }

    @Test
    void no_half_written_file_is_left_beside_the_state() throws IOException {
        store().update(DAISY, state -> state.with(snapshot("s1")));
        store().update(DAISY, state -> state.with(snapshot("s2")));
        try (Stream<Path> files = Files.list(temp.resolve("state"))) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder("name-daisy.json", "name-daisy.lock");
        }
    }

    @Test
    void a_half_written_file_of_a_process_that_died_is_no_hindrance() throws IOException {
        daisysFileHolds("{\"version\":1,\"snapshots\":[],\"merges\":[]}");
        Files.writeString(temp.resolve("state/name-daisy.json.new"), "{\"vers");
        store().update(DAISY, state -> state.with(snapshot("s1")));
        assertThat(store().read(DAISY).snapshot("s1")).isPresent();
    }

    @ParameterizedTest(name = "[{index}]")
    @ValueSource(strings = {"", "{\"version\":1,\"snapshots\":[", "{\"version\":1}", "\u0000\u0000\u0000"})
    void a_damaged_file_is_named_and_never_overwritten(String damaged) throws IOException {
        daisysFileHolds(damaged);
        assertThatThrownBy(() -> store().update(DAISY, state -> state.with(snapshot("s1"))))
                .isInstanceOf(StateException.class)
                .hasMessageContaining(daisysFile().toString())
                .hasMessageNotContaining("Exception")
                .hasMessageNotContaining("\n")
                .asInstanceOf(type(StateException.class))
                .extracting(StateException::hint)
                .asString()
                .contains("move it away");
        assertThat(daisysFile()).hasContent(damaged);
    }

    @Test
    void a_file_of_a_later_version_is_refused_and_never_overwritten() throws IOException {
        String later = "{\"version\":2,\"snapshots\":[],\"merges\":[],\"secret\":1}";
        daisysFileHolds(later);
        assertThatThrownBy(() -> store().update(DAISY, state -> state.with(snapshot("s1"))))
                .isInstanceOf(StateException.class)
                .hasMessageContaining("later version");
        assertThat(daisysFile()).hasContent(later);
    }

    @Test
    void a_change_that_fails_leaves_the_file_as_it_was() throws IOException {
        store().update(DAISY, state -> state.with(snapshot("s1")));
        String before = Files.readString(daisysFile());
        assertThatThrownBy(() -> store().update(DAISY, state -> {
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThat(daisysFile()).hasContent(before);
    }

    @Test
    void a_folder_that_cannot_be_made_is_named_with_what_to_do() throws IOException {
        Files.writeString(temp.resolve("state"), "a file");
        assertThatThrownBy(() -> store().update(DAISY, state -> state))
                .isInstanceOf(StateException.class)
                .hasMessageContaining(temp.resolve("state").toString())
                .asInstanceOf(type(StateException.class))
                .extracting(StateException::hint)
                .asString()
                .contains("QMP_STATE_DIR");
    }

    @Test
    void updates_of_many_threads_are_all_kept() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<GuestState>> updates = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                String name = "s" + i;
                // Each with a store of its own, as processes have.
                updates.add(() -> store().update(DAISY, state -> state.with(snapshot(name))));
            }
            for (Future<GuestState> update : threads.invokeAll(updates, 60, TimeUnit.SECONDS)) {
                update.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(store().read(DAISY).snapshots())
                .extracting(SnapshotRecord::name)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 40).mapToObj(i -> "s" + i).toList());
    }

    @Test
    void the_variable_chooses_the_folder() {
        assertThat(of(Map.of("QMP_STATE_DIR", "/x/y", "XDG_STATE_HOME", "/xdg"), "root"))
                .isEqualTo(Path.of("/x/y"));
    }

    @Test
    void a_relative_choice_is_made_absolute() {
        assertThat(of(Map.of("QMP_STATE_DIR", "y"), "rose"))
                .isEqualTo(Path.of("y").toAbsolutePath());
    }

    @Test
    void root_keeps_its_state_with_the_system_and_users_in_their_state_home() {
        assertThat(of(Map.of("XDG_STATE_HOME", "/xdg"), "root")).isEqualTo(Path.of("/var/lib/qmp"));
        assertThat(of(Map.of("XDG_STATE_HOME", "/xdg"), "rose")).isEqualTo(Path.of("/xdg/qmp"));
        assertThat(of(Map.of(), "rose")).isEqualTo(Path.of("/home/rose/.local/state/qmp"));
    }

    @Test
    void an_empty_variable_is_none() {
        assertThat(of(Map.of("QMP_STATE_DIR", "", "XDG_STATE_HOME", ""), "rose"))
                .isEqualTo(Path.of("/home/rose/.local/state/qmp"));
    }

    private static Path of(Map<String, String> environment, String user) {
        return StateStore.of(environment, user, Path.of("/home/rose")).folder();
    }
}
