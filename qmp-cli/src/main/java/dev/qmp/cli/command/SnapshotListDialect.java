package dev.qmp.cli.command;

import dev.qmp.cli.render.SnapshotTree;
import dev.qmp.cli.render.VirshTable;
import dev.qmp.cli.state.SnapshotTruth.State;
import dev.qmp.cli.state.SnapshotTruth.Truth;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "snapshot-list",
        description =
                "virsh's: the snapshots; the tree tells the truth after a pull. See also: snapshot list, snapshot tree")
final class SnapshotListDialect extends DialectCommand {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss Z", Locale.ROOT).withZone(ZoneId.systemDefault());

    @Option(names = "--tree", description = "as a tree")
    private boolean tree;

    @Option(names = "--name", description = "names only")
    private boolean nameOnly;

    @Option(names = "--parent", description = "with each one's parent")
    private boolean parent;

    @Override
    public Integer call() throws Exception {
        String target = takeDomain();
        noMoreWords();
        List<Truth> truths;
        try (Connection connection = Connection.open(root(), target)) {
            truths = SnapshotViews.all(this, connection.client());
        }
        if (json()) {
            print(SnapshotViews.documents(truths));
        } else if (tree) {
            tree(truths);
        } else if (nameOnly) {
            truths.forEach(t -> console().out(t.snapshot().name()));
        } else {
            table(truths);
        }
        return Failure.DONE;
    }

    private void table(List<Truth> truths) {
        VirshTable table = parent
                ? new VirshTable("Name", "Creation Time", "State", "Parent")
                : new VirshTable("Name", "Creation Time", "State");
        for (Truth truth : truths) {
            String name = truth.snapshot().name();
            String time = TIME.format(truth.snapshot().createdAt());
            String under = truth.snapshot().parent();
            if (parent) {
                table.row(name, time, "disk-snapshot", under == null ? "" : under);
            } else {
                table.row(name, time, "disk-snapshot");
            }
        }
        console().lines(table.lines());
    }

    /** Snapshots whose layers have been merged away stand in virsh's tree for ever, and not in this one. */
    private void tree(List<Truth> truths) {
        List<Truth> gone = truths.stream()
                .filter(t -> t.disks().stream().allMatch(d -> d.state() == State.MERGED))
                .toList();
        Set<String> goneNames = gone.stream().map(t -> t.snapshot().name()).collect(Collectors.toSet());
        List<SnapshotTree.Node> nodes = truths.stream()
                .filter(t -> !goneNames.contains(t.snapshot().name()))
                .map(t -> new SnapshotTree.Node(t.snapshot().name(), livingParent(t, truths, goneNames), ""))
                .toList();
        console().lines(new SnapshotTree(nodes).virsh());
        for (Truth truth : gone) {
            note("note: virsh would still show " + truth.snapshot().name() + " here; " + SnapshotViews.remark(truth));
        }
    }

    private static @Nullable String livingParent(Truth of, List<Truth> truths, Set<String> gone) {
        String parent = of.snapshot().parent();
        for (int i = 0; i < truths.size() && parent != null && gone.contains(parent); i++) {
            String wanted = parent;
            parent = truths.stream()
                    .filter(t -> t.snapshot().name().equals(wanted))
                    .findFirst()
                    .map(t -> t.snapshot().parent())
                    .orElse(null);
        }
        return parent;
    }
}
