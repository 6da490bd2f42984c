package dev.qmp.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qmp.block.SnapshotRequest.Target;
import dev.qmp.cli.host.HostScanner;
import dev.qmp.cli.render.Console;
import dev.qmp.cli.state.StateStore;
import dev.qmp.transport.QmpAddress;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** DISK[=FILE], virsh's diskspecs, and TARGET. */
class WordsTest {

    private static final CliContext CONTEXT = context(Map.of());
    private static final QmpAddress HERE = new QmpAddress.Unix("/run/q");

    private static CliContext context(Map<String, String> environment) {
        return new CliContext(
                new Console(Writer.nullWriter(), Writer.nullWriter(), false, false, Map.of()),
                new HostScanner(),
                new StateStore(Path.of("/nowhere")),
                environment,
                Path.of("/work/here"),
                Clock.systemUTC());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vda|vda|",
                "vda=/i/a.qcow2|vda|/i/a.qcow2",
                "vda=a.qcow2|vda|/work/here/a.qcow2",
                "vda=../a.qcow2|vda|/work/a.qcow2",
                "vda=/i/a.qcow2,format=qcow2|vda|/i/a.qcow2",
                "vda,format=qcow2|vda|",
                "vda=/i/a,b,c.qcow2|vda|/i/a,b,c.qcow2",
                "vda=/i/a,b.qcow2,format=qcow2|vda|/i/a,b.qcow2",
                "vda=/i/a=b.qcow2|vda|/i/a=b.qcow2",
                "/machine/peripheral/v/virtio-backend=/i/a|/machine/peripheral/v/virtio-backend|/i/a"
            })
    void a_disk_word_names_a_disk_and_perhaps_a_file(String word, String disk, @Nullable String file) {
        assertThat(DiskWord.parse(word, CONTEXT, HERE)).isEqualTo(new Target(disk, file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "=/i/a", "vda=", "vda=,format=qcow2", ",format=qcow2", "vda=/i/a,format=raw"})
    void a_disk_word_that_names_nothing_or_another_format_is_refused(String word) {
        assertThatThrownBy(() -> DiskWord.parse(word, CONTEXT, HERE)).isInstanceOf(UsageException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vda|vda|true|",
                "vda,file=/i/a.qcow2|vda|true|/i/a.qcow2",
                "vda,snapshot=external,driver=qcow2,file=/i/a|vda|true|/i/a",
                "vda,file=/i/a,stype=file|vda|true|/i/a",
                "vda,file=/i/a,,b.qcow2,driver=qcow2|vda|true|/i/a,b.qcow2",
                "vda,snapshot=no|vda|false|",
                "v,,a,file=/i/a|v,a|true|/i/a"
            })
    void a_diskspec_is_read_as_virsh_reads_it(String word, String disk, boolean included, @Nullable String file) {
        assertThat(Diskspec.parse(word)).isEqualTo(new Diskspec(disk, included, file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",file=/i/a", "vda,snapshot=internal", "vda,driver=raw", "vda,nonsense", "vda,"})
    void a_diskspec_that_is_not_possible_here_is_refused(String word) {
        assertThatThrownBy(() -> Diskspec.parse(word)).isInstanceOf(UsageException.class);
    }

    @Test
    void a_target_with_a_slash_or_a_scheme_is_an_address() {
        assertThat(Targets.resolve("/run/q", CONTEXT)).isEqualTo(new QmpAddress.Unix("/run/q"));
        assertThat(Targets.resolve("unix:/run/q", CONTEXT)).isEqualTo(new QmpAddress.Unix("/run/q"));
        assertThat(Targets.resolve("unix:@daisy", CONTEXT)).isEqualTo(new QmpAddress.UnixAbstract("daisy"));
        assertThat(Targets.resolve("tcp:localhost:4444", CONTEXT)).isEqualTo(new QmpAddress.Tcp("localhost", 4444));
    }

    @Test
    void a_dash_is_the_target_of_the_environment() {
        assertThat(Targets.resolve("-", context(Map.of("QMP_TARGET", "/run/q"))))
                .isEqualTo(new QmpAddress.Unix("/run/q"));
        assertThatThrownBy(() -> Targets.resolve("-", CONTEXT))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("QMP_TARGET");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp:vmhost:4444", "tls:vmhost:4444", "ssh://me@vmhost/run/q"})
    void a_file_of_another_hosts_qemu_must_be_absolute(String target) {
        QmpAddress there = Targets.resolve(target, CONTEXT);
        assertThat(there).hasToString(target);
        assertThat(Targets.file("/i/a.qcow2", CONTEXT, there)).isEqualTo("/i/a.qcow2");
        assertThat(Targets.fileOrNode("snap1", CONTEXT, there)).isEqualTo("snap1");
        assertThatThrownBy(() -> Targets.fileOrNode("./a.qcow2", CONTEXT, there))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("may run on another");
        assertThatThrownBy(() -> DiskWord.parse("vda=a.qcow2", CONTEXT, there)).isInstanceOf(UsageException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "/run/q,''",
        "tcp:127.0.0.1:4444,''",
        "ssh://localhost/run/q,''",
        "tcp:vmhost:1,vmhost/",
        "tls:vmhost:1,vmhost/",
        "ssh://me@vmhost:22/run/q,vmhost/"
    })
    void guests_of_other_hosts_are_written_down_under_their_hosts_name(String target, String prefix) {
        assertThat(Host.prefix(QmpAddress.parse(target))).isEqualTo(prefix);
    }

    @Test
    void a_base_without_a_slash_may_be_a_nodes_name_and_stays() {
        assertThat(Targets.fileOrNode("snap1", CONTEXT, HERE)).isEqualTo("snap1");
        assertThat(Targets.fileOrNode("./snap1", CONTEXT, HERE)).isEqualTo("/work/here/snap1");
    }
}
