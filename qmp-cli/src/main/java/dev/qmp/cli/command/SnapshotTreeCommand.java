package dev.qmp.cli.command;

import dev.qmp.QmpClient;
import dev.qmp.cli.render.SnapshotTree;
import dev.qmp.cli.state.SnapshotTruth.Truth;
import java.util.List;
import picocli.CommandLine.Command;

@Command(name = "tree", description = "The recorded snapshots as a tree, with what is true of each now.")
final class SnapshotTreeCommand extends TargetCommand {

    @Override
    int run(QmpClient client) throws InterruptedException {
        List<Truth> truths = SnapshotViews.all(this, client);
        if (json()) {
            print(SnapshotViews.documents(truths));
            return Failure.DONE;
        }
        List<SnapshotTree.Node> nodes = truths.stream()
                .map(t ->
                        new SnapshotTree.Node(t.snapshot().name(), t.snapshot().parent(), SnapshotViews.remark(t)))
                .toList();
        console().lines(new SnapshotTree(nodes).lines());
        if (nodes.isEmpty()) {
            note("no snapshots are recorded for this guest");
        }
        return Failure.DONE;
    }
}
