package dev.qmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.qmp.fixtures.recorded.Schemas;
import dev.qmp.schema.QmpSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaCacheTest {

    private static final String SCHEMA =
            QmpSchema.of(Schemas.json("7.2", Schemas.STORAGE_DAEMON)).toLines().orElseThrow();
    private static final String KEY = "7.2.22 Debian \"1\" /usr/bin/qemu-storage-daemon";
    private static final int NOBODY = 65534;

    @TempDir
    private Path temp;

    private Path folder;
    private SchemaCache cache;

    @BeforeEach
    void makeCache() {
        folder = temp.resolve("cache/qmp/schema");
        cache = new SchemaCache(folder, Clock.systemUTC());
    }

    private Path written() {
        cache.write(KEY, SCHEMA);
        Path file = cache.file(KEY);
        assertThat(file).exists();
        return file;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    /** Whatever is wrong with the file, it is no schema, and the next writing mends it. */
    private void assertIgnoredAndMended() {
        assertThat(cache.read(KEY)).isEmpty();
        cache.write(KEY, SCHEMA);
        assertThat(cache.read(KEY)).contains(SCHEMA);
    }

    @Test
    void what_was_written_is_read_under_its_own_key_alone() {
        assertThat(cache.read(KEY)).isEmpty();
        cache.write(KEY, SCHEMA);

        assertThat(cache.read(KEY)).contains(SCHEMA);
        assertThat(cache.read(KEY + "2")).isEmpty();
    }

    @Test
    void a_key_may_hold_the_end_of_a_line() {
        cache.write("a\nb", SCHEMA);
        assertThat(cache.read("a\nb")).contains(SCHEMA);
    }

    @Test
    void a_file_under_another_keys_name_is_not_believed() throws IOException {
        Files.copy(written(), cache.file("another key"));
        assertThat(cache.read("another key")).isEmpty();
    }

    @Test
    void folders_and_files_are_for_their_owner_only_and_nothing_unfinished_stays() throws IOException {
        Path file = written();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(files()).containsExactly(file);
    }

    @Test
    void a_file_with_any_byte_changed_is_ignored_and_written_anew() throws IOException {
        byte[] good = Files.readAllBytes(written());
        for (int at = 0; at < good.length; at += Math.max(1, good.length / 100)) {
            byte[] bad = good.clone();
            bad[at] ^= 1;
            Files.write(cache.file(KEY), bad);
            assertThat(cache.read(KEY)).as("byte %d", at).isEmpty();
        }
        assertIgnoredAndMended();
    }

    @Test
    void a_file_that_is_cut_short_or_too_long_is_ignored_and_written_anew() throws IOException {
        byte[] good = Files.readAllBytes(written());
        for (int length : List.of(0, 1, 21, 22, 23, 200, good.length / 2, good.length - 1)) {
            Files.write(cache.file(KEY), Arrays.copyOf(good, length));
            assertThat(cache.read(KEY)).as("%d bytes", length).isEmpty();
        }
        Files.write(cache.file(KEY), Arrays.copyOf(good, SchemaFile.MOST_BYTES + 1));
        assertIgnoredAndMended();
    }

    @Test
    void a_file_that_others_may_write_is_ignored_and_written_anew() throws IOException {
        Files.setPosixFilePermissions(written(), PosixFilePermissions.fromString("rw--w----"));
        assertIgnoredAndMended();
        Files.setPosixFilePermissions(cache.file(KEY), PosixFilePermissions.fromString("rw-----w-"));
        assertIgnoredAndMended();
    }

    @Test
    void another_users_file_is_ignored_and_written_anew() throws IOException {
        Path file = written();
        assumeTrue(Files.getAttribute(file, "unix:uid").equals(0), "only root can give a file away");
        Files.setAttribute(file, "unix:uid", NOBODY);
        assertIgnoredAndMended();
    }

    @Test
    void a_symbolic_link_is_not_followed_and_its_target_not_written() throws IOException {
        Path elsewhere = temp.resolve("elsewhere");
        Files.move(written(), elsewhere);
        byte[] before = Files.readAllBytes(elsewhere);
        Files.createSymbolicLink(cache.file(KEY), elsewhere);

        assertIgnoredAndMended();
        assertThat(elsewhere).hasBinaryContent(before);
    }

    @Test
    void a_folder_that_others_may_write_or_own_is_not_used() throws IOException {
        written();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwx---"));
        assertThat(cache.read(KEY)).isEmpty();
        cache.write("another key", SCHEMA);
        assertThat(files()).containsExactly(cache.file(KEY));

        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        assumeTrue(Files.getAttribute(folder, "unix:uid").equals(0), "only root can give a folder away");
        Files.setAttribute(folder, "unix:uid", NOBODY);
        assertThat(cache.read(KEY)).isEmpty();
        cache.write("another key", SCHEMA);
        assertThat(files()).containsExactly(cache.file(KEY));
    }

    @Test
    void a_folder_that_cannot_be_made_is_no_failure() throws IOException {
        SchemaCache impossible =
                new SchemaCache(Files.createFile(temp.resolve("file")).resolve("schema"), Clock.systemUTC());
        impossible.write(KEY, SCHEMA);
        assertThat(impossible.read(KEY)).isEmpty();
    }

    @Test
    void what_is_older_than_its_time_or_of_the_far_future_is_ignored() throws IOException {
        Path file = written();
        for (int sign : List.of(1, -1)) {
            Files.setLastModifiedTime(
                    file,
                    FileTime.from(Clock.systemUTC()
                            .instant()
                            .minus(SchemaCache.OLDEST.plus(Duration.ofDays(1)).multipliedBy(sign))));
            assertIgnoredAndMended();
        }
    }

    @Test
    void a_schema_of_a_size_that_none_has_is_not_kept() {
        cache.write(KEY, "x".repeat(SchemaFile.MOST_BYTES));
        assertThat(cache.file(KEY)).doesNotExist();
    }

    @Test
    void the_last_kinds_of_peers_are_remembered_and_the_others_go() throws IOException {
        String small = "type 1 {}\n";
        for (int i = 0; i < SchemaCache.MOST_FILES + 3; i++) {
            cache.write("key " + i, small);
            // The file system's clock may stand still between two files.
            Files.setLastModifiedTime(
                    cache.file("key " + i),
                    FileTime.from(Clock.systemUTC().instant().minusSeconds(1000 - i)));
        }
        Path unfinished = Files.createFile(folder.resolve("1.new"));
        Files.setLastModifiedTime(
                unfinished, FileTime.from(Clock.systemUTC().instant().minus(SchemaCache.OLDEST.multipliedBy(2))));
        cache.write("last", small);

        assertThat(files()).hasSize(SchemaCache.MOST_FILES).doesNotContain(unfinished);
        assertThat(cache.read("key 0")).isEmpty();
        assertThat(cache.read("key " + (SchemaCache.MOST_FILES + 2))).contains(small);
        assertThat(cache.read("last")).contains(small);
    }
}
