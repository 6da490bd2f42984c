package dev.qmp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.cli.command.CliContext;
import dev.qmp.cli.command.QmpRoot;
import dev.qmp.cli.host.HostScanner;
import dev.qmp.cli.render.Console;
import dev.qmp.cli.state.StateStore;
import dev.qmp.fixtures.qemu.DiskSpec;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command of the README, run against a real QEMU, prints what the README says. */
@RequiresQemu
class ReadmeCommandsIT {

    private static final Pattern CONSOLE = Pattern.compile("```console\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private Path folder;

    @Test
    void the_walk_prints_what_the_readme_shows() throws IOException {
        String readme = Files.readString(Path.of("../README.md").toAbsolutePath(), StandardCharsets.UTF_8);
        Matcher block = CONSOLE.matcher(readme);
        assertThat(block.find()).isTrue();
        String name = "readme-" + ProcessHandle.current().pid();
        try (QemuVm vm = QemuVm.builder()
                .name(name)
                .guest()
                .disk(DiskSpec.drive("drive0")
                        .qdev("vda")
                        .format("qcow2")
                        .at(Files.createDirectory(folder.resolve("images")).resolve("base.img")))
                .start()) {
            vm.awaitGuestUp();
            String images = folder.resolve("images").toString();
            for (String step : block.group(1).split("(?m)^\\$ qmp ", -1)) {
                if (!step.isEmpty()) {
                    String here = step.replace("daisy", name).replace("/images", images);
                    List<String> lines = here.lines().toList();
                    assertThat(run(lines.get(0).split(" ")))
                            .as("qmp %s", lines.get(0))
                            .isEqualTo(folded(lines.subList(1, lines.size())));
                }
            }
        }
    }

    private List<String> run(String[] words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CliContext context = new CliContext(
                new Console(out, err, true, false, Map.of("NO_COLOR", "1")),
                new HostScanner(),
                new StateStore(folder.resolve("state")),
                Map.of(),
                folder,
                Clock.systemUTC());
        assertThat(QmpRoot.execute(context, words)).as("%s%s", out, err).isZero();
        return folded(out.toString().lines().toList());
    }

    /** Columns are as wide as their longest cell, the folders here are longer, and the guest writes more or less. */
    private static List<String> folded(List<String> lines) {
        return lines.stream()
                .map(line -> line.replaceAll(" {2,}", "  ").replaceAll("frees [0-9.]+ [KMG]iB", "frees SIZE"))
                .toList();
    }
}
