package dev.qmp.cli.command;

import dev.qmp.QmpClient;
import dev.qmp.cli.render.SnapshotPicture;
import dev.qmp.cli.render.SnapshotTree;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "tree",
        description =
                "The recorded snapshots as a tree, with what is true of each now, and the overlays that somebody else"
                        + " made.")
final class SnapshotTreeCommand extends TargetCommand {

    private enum Format {
        tree,
        json,
        dot,
        svg
    }

    @Option(
            names = "--format",
            paramLabel = "tree|json|dot|svg",
            description = "how to write it (default: tree); a browser shows svg, Graphviz dot")
    private @Nullable Format format;

    @Override
    int run(QmpClient client) throws InterruptedException {
        TrueTree tree = new TrueTree(this, client);
        if (json() || format == Format.json) {
            print(tree.document());
            return Failure.DONE;
        }
        SnapshotTree drawn = new SnapshotTree(tree.nodes());
        if (format == Format.svg) {
            console().lines(new SnapshotPicture(drawn).svg());
        } else if (format == Format.dot) {
            console().lines(new SnapshotPicture(drawn).dot());
        } else {
            console().lines(drawn.lines());
        }
        if (tree.truths().isEmpty()) {
            note("no snapshots are recorded for this guest");
        }
        return Failure.DONE;
    }
}
