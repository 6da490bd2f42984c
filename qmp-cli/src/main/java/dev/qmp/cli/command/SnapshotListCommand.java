package dev.qmp.cli.command;

import dev.qmp.QmpClient;
import dev.qmp.cli.render.Table;
import dev.qmp.cli.state.SnapshotTruth.Truth;
import java.time.temporal.ChronoUnit;
import java.util.List;
import picocli.CommandLine.Command;

@Command(name = "list", description = "The recorded snapshots, and what has become of each.")
final class SnapshotListCommand extends TargetCommand {

    @Override
    int run(QmpClient client) throws InterruptedException {
        List<Truth> truths = SnapshotViews.all(this, client);
        if (json()) {
            print(SnapshotViews.documents(truths));
            return Failure.DONE;
        }
        Table table = new Table("NAME", "CREATED", "PARENT", "STATE", "DESCRIPTION");
        for (Truth truth : truths) {
            String parent = truth.snapshot().parent();
            String description = truth.snapshot().description();
            table.row(
                    truth.snapshot().name(),
                    truth.snapshot().createdAt().truncatedTo(ChronoUnit.SECONDS).toString(),
                    parent == null ? "-" : parent,
                    SnapshotViews.remark(truth),
                    description == null ? "-" : description);
        }
        console().table(table);
        return Failure.DONE;
    }
}
