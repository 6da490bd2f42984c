package dev.qmp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.block.BlockGraph;
import dev.qmp.block.BlockOperations;
import dev.qmp.block.PullRequest;
import dev.qmp.block.RunningPull;
import dev.qmp.block.SnapshotPlan;
import dev.qmp.block.SnapshotRequest;
import dev.qmp.block.SnapshotRequest.Existing;
import dev.qmp.block.SnapshotRequest.Target;
import dev.qmp.fixtures.qemu.DiskSpec;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import dev.qmp.transport.QmpAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The README's example of the library, run, and held against the README's text. */
@RequiresQemu
class ReadmeExampleIT {

    // The formatter would break these lines otherwise than the README does.
    // spotless:off
    private static void example(Path monitor, Path overlay, PrintStream log) {
try (QmpClient client = QmpClient.connect(QmpAddress.unix(monitor)).join()) {
    BlockOperations operations = new BlockOperations(client);

    Target disk = new Target("vda", overlay.toString());
    SnapshotRequest request = new SnapshotRequest("before-upgrade", List.of(disk), Existing.REFUSE);
    SnapshotPlan plan = operations.plan(request).join(); // checked, printable, nothing sent yet
    BlockGraph graph = operations.run(plan).join().graph();
    log.println(graph.disk("vda").chainText());

    RunningPull pull = operations.start(operations.plan(PullRequest.of("vda", null)).join()).join();
    pull.job().onProgress(job -> log.println(job.offset() + " of " + job.length()));
    log.println(pull.done().join().disk().chainText());
}
    }
    // spotless:on

    @Test
    void it_takes_a_snapshot_and_flattens_it() {
        try (QemuVm vm = QemuVm.builder()
                .disk(DiskSpec.drive("drive0").qdev("vda").format("qcow2"))
                .start()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            Path overlay = vm.folder().resolve("overlay.qcow2");
            example(vm.monitor(), overlay, new PrintStream(out, true, StandardCharsets.UTF_8));

            assertThat(out.toString(StandardCharsets.UTF_8).lines())
                    .startsWith(vm.image("drive0") + " <- " + overlay)
                    .contains(overlay.toString());
        }
    }

    @Test
    void the_readme_shows_the_very_lines() throws IOException {
        Path root = Path.of("").toAbsolutePath().getParent();
        String source = Files.readString(
                root.resolve("qmp-client/src/test/java/dev/qmp/ReadmeExampleIT.java"), StandardCharsets.UTF_8);
        String body = source.substring(
                source.indexOf("\ntry (QmpClient") + 1, source.indexOf("\n    }\n    // spotless" + ":on") + 1);

        assertThat(Files.readString(root.resolve("README.md"), StandardCharsets.UTF_8))
                .contains("```java\n" + body + "```");
    }
}
