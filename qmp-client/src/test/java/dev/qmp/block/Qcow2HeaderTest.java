package dev.qmp.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A header is read from a file that anybody may have written: whatever is in it, the answer is a name or none. */
class Qcow2HeaderTest {

    private static final int MAGIC = 0x514649fb;

    @TempDir
    Path folder;

    private static byte[] header(int magic, long offset, int length, String name) {
        ByteBuffer bytes = ByteBuffer.allocate(2048);
        bytes.putInt(magic).putInt(3).putLong(offset).putInt(length);
        bytes.position(512).put(name.getBytes(StandardCharsets.UTF_8));
        return bytes.array();
    }

    private Optional<String> read(byte[] bytes) throws IOException {
        try (FileChannel image = FileChannel.open(Files.write(folder.resolve("image"), bytes))) {
            return Qcow2Header.backingFile(image);
        }
    }

    @Test
    void the_backing_file_is_the_name_at_the_offset_in_the_header() throws IOException {
        String name = "/vm/b\u00e4se \u20ac.img";
        int length = name.getBytes(StandardCharsets.UTF_8).length;

        assertThat(read(header(MAGIC, 512, length, name))).contains(name);
    }

    @Test
    void an_image_without_one_has_none() throws IOException {
        assertThat(read(header(MAGIC, 0, 0, ""))).isEmpty();
    }

    @Test
    void another_magic_an_empty_and_a_short_file_have_none() throws IOException {
        assertThat(read(header(MAGIC + 1, 512, 4, "name"))).isEmpty();
        assertThat(read(new byte[0])).isEmpty();
        assertThat(read(Arrays.copyOf(header(MAGIC, 512, 4, "name"), 23))).isEmpty();
    }

    @Test
    void a_name_over_the_limit_beyond_the_end_or_at_no_place_is_none() throws IOException {
        assertThat(read(header(MAGIC, 512, 1024, "name"))).isEmpty();
        assertThat(read(header(MAGIC, 2046, 4, "name"))).isEmpty();
        assertThat(read(header(MAGIC, Long.MAX_VALUE - 100, 4, "name"))).isEmpty();
        assertThat(read(header(MAGIC, -1, 4, "name"))).isEmpty();
        assertThat(read(header(MAGIC, 512, -4, "name"))).isEmpty();
        assertThat(read(header(MAGIC, 512, Integer.MAX_VALUE, "name"))).isEmpty();
    }
}
