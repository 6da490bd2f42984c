package dev.qmp.cli.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateCodecTest {

    private static final Instant AT = Instant.parse("2026-11-23T10:15:30.123456Z");

    private static GuestState read(String text) throws IOException {
        return StateCodec.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void everything_that_is_written_is_read_again() throws IOException {
        GuestState state = new GuestState(
                List.of(
                        Samples.snapshot("s1", null, AT, Samples.disk("vda", "/i/b.img", "/i/s1, \"1\" ü.qcow2")),
                        new SnapshotRecord(
                                "s2",
                                AT.plusSeconds(1),
                                "second\nline",
                                "s1",
                                true,
                                List.of(Samples.disk("vda", "/a", "/b"), Samples.disk("vdb", "/c", "/d")))),
                List.of(new MergeRecord("/a", "/b", "pull", AT)));
        assertThat(StateCodec.read(StateCodec.write(state))).isEqualTo(state);
    }

    @Test
    void nothing_is_written_and_read_again() throws IOException {
        assertThat(StateCodec.read(StateCodec.write(GuestState.EMPTY))).isEqualTo(GuestState.EMPTY);
    }

    @Test
    void members_that_are_not_known_are_passed_over() throws IOException {
        assertThat(read("{'version':1,'snapshots':[],'merges':[],'more':{}}")).isEqualTo(GuestState.EMPTY);
    }

    @Test
    void a_later_version_is_refused() {
        assertThatThrownBy(() -> read("{'version':2,'snapshots':[],'merges':[]}"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("later version");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "nonsense",
                "{'version':0}",
                "{'version':1,'snapshots':[",
                "{'version':1}",
                "{'version':1,'snapshots':7,'merges':[]}",
                "{'version':1,'snapshots':[]}",
                "{'version':1,'snapshots':[],'merges':{}}",
                "{'version':1,'snapshots':[7],'merges':[]}",
                "{'version':1,'snapshots':[{'name':'a','createdAt':'yesterday','disks':[]}],'merges':[]}",
                "{'version':1,'snapshots':[{'name':'a','createdAt':'2026-11-23T10:15:30Z'}],'merges':[]}",
                "{'version':1,'snapshots':[{'createdAt':'2026-11-23T10:15:30Z','disks':[]}],'merges':[]}",
                "{'version':1,'snapshots':[],'merges':[{'file':'/a','into':'/b','how':'pull'}]}",
                "{'version':1,'snapshots':[],'merges':[]} and what was there before"
            })
    void a_document_that_is_no_state_is_an_error_and_not_an_empty_state(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(IOException.class);
    }
}
