package dev.qmp.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The kernel's format, from bytes laid out by hand: what a live kernel gives is in UnixSocketOwnersTest. */
class UnixDiagTest {

    private final List<UnixDiagEntry> entries = new ArrayList<>();

    @Test
    void an_entry_has_its_inode_state_name_file_peer_and_queue() throws Exception {
        ByteBuffer entry = message(
                20,
                buffer(200)
                        .put((byte) 1)
                        .put((byte) 1)
                        .put((byte) 10)
                        .put((byte) 0)
                        .putInt(0xffff_fffe)
                        .putLong(0)
                        .put(attribute(0, "/s\0".getBytes(StandardCharsets.UTF_8)))
                        .put(attribute(
                                1, buffer(8).putInt(7).putInt(0x0080_0002).array()))
                        .put(attribute(2, buffer(4).putInt(41).array()))
                        .put(attribute(99, new byte[] {1, 2, 3, 4, 5}))
                        .put(attribute(3, buffer(8).putInt(42).putInt(43).array())));

        assertThat(UnixDiag.parse(entry, entries)).isFalse();
        assertThat(entries)
                .containsExactly(new UnixDiagEntry(4_294_967_294L, 10, "/s", 7, 0x0080_0002, 41, List.of(42L, 43L)));
        assertThat(entries.get(0).isListening()).isTrue();
    }

    @Test
    void an_abstract_name_is_written_with_an_at_sign() throws Exception {
        UnixDiag.parse(
                message(20, buffer(32).put(new byte[16]).put(attribute(0, "\0vm1".getBytes(StandardCharsets.UTF_8)))),
                entries);
        assertThat(entries).extracting(UnixDiagEntry::name).containsExactly("@vm1");
    }

    @Test
    void the_done_message_ends_the_list() throws Exception {
        assertThat(UnixDiag.parse(message(3, buffer(4).putInt(0)), entries)).isTrue();
        assertThat(entries).isEmpty();
    }

    @Test
    void an_error_and_a_length_beyond_the_bytes_are_failures() {
        assertThatIOException()
                .isThrownBy(() -> UnixDiag.parse(message(2, buffer(4).putInt(-1)), entries));
        ByteBuffer lying = buffer(16).putInt(4_000).putShort((short) 20).rewind();
        assertThatIOException().isThrownBy(() -> UnixDiag.parse(lying, entries));
    }

    @Test
    void a_device_number_is_turned_from_stats_form_into_the_kernels() {
        assertThat(SocketFileId.kernelDevice(0xfe00)).isEqualTo(254L << 20);
        assertThat(SocketFileId.kernelDevice(0x1000_fe34L)).isEqualTo((254L << 20) | 0x1_0034);
    }

    private static ByteBuffer message(int type, ByteBuffer content) {
        content.flip();
        ByteBuffer message = buffer(16 + content.remaining());
        message.putInt(16 + content.remaining()).putShort((short) type).putShort((short) 0);
        return message.putInt(1).putInt(0).put(content).rewind();
    }

    private static byte[] attribute(int type, byte[] value) {
        ByteBuffer attribute = buffer((4 + value.length + 3) & ~3);
        return attribute
                .putShort((short) (4 + value.length))
                .putShort((short) type)
                .put(value)
                .array();
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    }
}
