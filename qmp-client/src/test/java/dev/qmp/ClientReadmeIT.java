package dev.qmp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.fixtures.Eventually;
import dev.qmp.fixtures.qemu.DiskSpec;
import dev.qmp.fixtures.qemu.QemuImg;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import dev.qmp.qapi.BlockdevSnapshotSyncCommand;
import dev.qmp.transport.QmpAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the examples of qmp-client/README.md, and holds them against its text. */
@RequiresQemu
@Timeout(120)
class ClientReadmeIT {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final PrintStream log = new PrintStream(out, true, StandardCharsets.UTF_8);
    private QemuVm vm;
    private QmpClient client;

    @BeforeEach
    void start() {
        vm = QemuVm.builder()
                .disk(DiskSpec.drive("drive0").qdev("vda").format("qcow2"))
                .start();
    }

    @AfterEach
    void stop() {
        if (client != null) {
            client.close();
        }
        vm.close();
    }

    private QmpClient client() {
        client = Await.value(QmpClient.connect(QmpAddress.unix(vm.monitor())));
        return client;
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void connect() {
        Examples.connect(vm.monitor(), log);

        assertThat(said()).matches("QEMU \\d+\\.\\d+\\.\\d+\\R");
    }

    @Test
    void a_runtime_and_a_client_that_reconnects() {
        Examples.manyGuests(vm.monitor(), log);

        // The runtime's end was the client's: the monitor serves somebody else.
        assertThat(client().greeting().capabilities()).contains("oob");
    }

    @Test
    void a_descriptor() throws IOException {
        Path image = vm.folder().resolve("other.qcow2");
        QemuImg.create(image, "qcow2", "1M");

        Examples.descriptor(client(), image, log);

        assertThat(said()).matches("/dev/fdset/\\d+\\R");
    }

    @Test
    void a_typed_command() {
        Examples.command(client(), log);

        assertThat(said()).contains("it runs", vm.image("drive0") + ": ");
    }

    @Test
    void a_union() {
        Path image = vm.folder().resolve("spare.qcow2");
        QemuImg.create(image, "qcow2", "1M");

        Examples.union(client(), image);

        assertThat(Await.value(client.execute("query-named-block-nodes")).toString())
                .contains("\"node-name\":\"spare\"");
    }

    @Test
    void an_event_and_a_job() {
        Path overlay = vm.folder().resolve("top.qcow2");
        Await.value(client().execute(BlockdevSnapshotSyncCommand.builder()
                .device("drive0")
                .snapshotFile(overlay.toString())
                .snapshotNodeName("top")
                .format("qcow2")
                .build()));

        Examples.job(client, log);
        // A subscriber is called on a thread of its own.
        Eventually.holds(Duration.ofSeconds(10), this::said, () -> said().contains("flatten is through, error: null"));
    }

    @Test
    void a_snapshot_and_a_pull() {
        Path overlay = vm.folder().resolve("overlay.qcow2");

        Examples.snapshot(client(), overlay, log);

        assertThat(said()).isEqualTo(overlay + System.lineSeparator());
    }

    @Test
    void errors() {
        Examples.failure(client(), log);

        assertThat(said()).startsWith("GenericError: Cannot find device");
    }

    @Test
    void validation() {
        Examples.validation(client(), log);

        assertThat(said()).contains("'devise'", "'speed'", "needs device");
        assertThat(said().contains("no discard-source here"))
                .isEqualTo(client.greeting().version().major() < 10);
    }

    @Test
    void the_readme_shows_these_very_lines_and_no_others() throws IOException {
        Path module = Path.of("").toAbsolutePath();
        String source = Files.readString(module.resolve("src/test/java/dev/qmp/Examples.java"));
        String readme = Files.readString(module.resolve("README.md"));
        List<String> examples = new ArrayList<>();
        Pattern.compile("// example: .*\\n((?s).*?)\\s*// end\\n")
                .matcher(source)
                .results()
                .forEach(match -> examples.add(match.group(1)));
        List<String> shown = new ArrayList<>();
        Pattern.compile("```java\\n((?s).*?)\\n```")
                .matcher(readme)
                .results()
                .forEach(match -> shown.add(match.group(1)));

        assertThat(shown).containsExactlyElementsOf(examples);
    }
}
