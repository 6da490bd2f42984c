package dev.qmp.cli.command;

import dev.qmp.QmpClient;
import dev.qmp.cli.state.SnapshotTruth.DiskTruth;
import dev.qmp.cli.state.SnapshotTruth.Truth;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "One recorded snapshot.")
final class SnapshotShowCommand extends TargetCommand {

    @Parameters(index = "1", paramLabel = "NAME", description = "the snapshot")
    private String name;

    @Override
    int run(QmpClient client) throws InterruptedException {
        List<Truth> truths = SnapshotViews.all(this, client);
        Truth truth = truths.stream()
                .filter(t -> t.snapshot().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new LocalException(
                        "no-such-snapshot",
                        "no snapshot '" + name + "' is recorded for this guest",
                        truths.isEmpty()
                                ? "none is recorded at all"
                                : "recorded are "
                                        + truths.stream()
                                                .map(t -> t.snapshot().name())
                                                .collect(Collectors.joining(", ")),
                        null));
        if (json()) {
            print(SnapshotViews.document(truth));
            return Failure.DONE;
        }
        console().fact("name", truth.snapshot().name());
        console().fact("created", truth.snapshot().createdAt().toString());
        console().fact("description", or(truth.snapshot().description()));
        console().fact("parent", or(truth.snapshot().parent()));
        console().fact("state", SnapshotViews.remark(truth));
        for (DiskTruth disk : truth.disks()) {
            console().fact("disk", disk.disk().disk());
            console()
                    .fact(
                            "  base",
                            disk.disk().base().file() + " ("
                                    + disk.disk().base().format() + ")");
            console().fact("  overlay", disk.disk().overlay().file());
        }
        return Failure.DONE;
    }

    private static String or(@Nullable String text) {
        return text == null ? "-" : text;
    }
}
