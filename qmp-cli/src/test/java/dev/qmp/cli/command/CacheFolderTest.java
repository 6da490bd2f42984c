package dev.qmp.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheFolderTest {

    @Test
    void the_programs_own_variable_comes_before_the_users_cache_and_that_before_the_home() {
        assertThat(CacheFolder.of(Map.of("QMP_CACHE_DIR", "/c", "XDG_CACHE_HOME", "/x", "HOME", "/h")))
                .contains(Path.of("/c"));
        assertThat(CacheFolder.of(Map.of("QMP_CACHE_DIR", "", "XDG_CACHE_HOME", "/x", "HOME", "/h")))
                .contains(Path.of("/x/qmp"));
        assertThat(CacheFolder.of(Map.of("HOME", "/h"))).contains(Path.of("/h/.cache/qmp"));
    }

    @Test
    void a_relative_xdg_path_is_passed_over_and_without_a_home_there_is_no_cache() {
        assertThat(CacheFolder.of(Map.of("XDG_CACHE_HOME", "x", "HOME", "/h"))).contains(Path.of("/h/.cache/qmp"));
        assertThat(CacheFolder.of(Map.of("XDG_CACHE_HOME", "x"))).isEmpty();
        assertThat(CacheFolder.of(Map.of())).isEmpty();
    }
}
