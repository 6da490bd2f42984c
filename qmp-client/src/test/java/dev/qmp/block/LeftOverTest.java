package dev.qmp.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose file is removed, where the peer has a say in its name and may write in its folder. */
class LeftOverTest {

    private static final String BASE = "/vm/base.qcow2";

    @TempDir
    Path root;

    private Path overlay(String path, String base) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(1024);
        bytes.putInt(0x514649fb).putInt(3).putLong(512).putInt(base.length());
        bytes.position(512).put(base.getBytes(StandardCharsets.UTF_8));
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes.array());
    }

    @Test
    void an_overlay_of_that_base_is_removed() throws IOException {
        Path file = overlay("vm/snap.qcow2", BASE);
        assertThat(LeftOver.remove(root, "/vm//./snap.qcow2", BASE)).isTrue();
        assertThat(file).doesNotExist();
    }

    @Test
    void an_overlay_of_another_base_and_what_is_no_overlay_stay() throws IOException {
        Path other = overlay("vm/snap.qcow2", "/vm/other.qcow2");
        Path text = Files.writeString(root.resolve("vm/text"), BASE);
        assertThat(LeftOver.remove(root, "/vm/snap.qcow2", BASE)).isFalse();
        assertThat(LeftOver.remove(root, "/vm/text", BASE)).isFalse();
        assertThat(LeftOver.remove(root, "/vm", BASE)).isFalse();
        assertThat(LeftOver.remove(root, "/", BASE)).isFalse();
        assertThat(other).exists();
        assertThat(text).exists();
    }

    @Test
    void a_link_in_its_place_or_on_the_way_and_a_way_up_are_not_followed() throws IOException {
        Path other = overlay("elsewhere/snap.qcow2", BASE);
        Files.createDirectories(root.resolve("vm"));
        Files.createSymbolicLink(root.resolve("vm/snap.qcow2"), other);
        Files.createSymbolicLink(root.resolve("link"), root.resolve("elsewhere"));

        assertThat(LeftOver.remove(root, "/vm/snap.qcow2", BASE)).isFalse();
        assertThatThrownBy(() -> LeftOver.remove(root, "/link/snap.qcow2", BASE))
                .isInstanceOf(IOException.class);
        assertThat(LeftOver.remove(root, "/vm/../elsewhere/snap.qcow2", BASE)).isFalse();
        assertThat(other).exists();
        assertThat(root.resolve("vm/snap.qcow2")).isSymbolicLink();
    }

    @Test
    void a_pipe_in_its_place_is_not_waited_for() throws Exception {
        Files.createDirectories(root.resolve("vm"));
        Process made =
                new ProcessBuilder("mkfifo", root.resolve("vm/snap.qcow2").toString()).start();
        assertThat(made.waitFor()).isZero();
        assertThat(LeftOver.remove(root, "/vm/snap.qcow2", BASE)).isFalse();
    }
}
