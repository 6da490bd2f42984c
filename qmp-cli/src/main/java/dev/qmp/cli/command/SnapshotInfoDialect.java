package dev.qmp.cli.command;

import dev.qmp.cli.state.SnapshotRecord;
import dev.qmp.cli.state.SnapshotTruth.Truth;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "snapshot-info", description = "virsh's: one snapshot. See also: snapshot show")
final class SnapshotInfoDialect extends DialectCommand {

    @Option(names = "--snapshotname", paramLabel = "NAME", description = "the snapshot")
    private @Nullable String snapshot;

    @Override
    public Integer call() throws Exception {
        String target = takeDomain();
        String name = take(snapshot, "the snapshot");
        noMoreWords();
        List<Truth> truths;
        try (Connection connection = Connection.open(root(), target)) {
            truths = SnapshotViews.all(this, connection.client());
        }
        Truth truth = truths.stream()
                .filter(t -> t.snapshot().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new LocalException(
                        "no-such-snapshot", "no snapshot '" + name + "' is recorded for this guest", null, null));
        if (json()) {
            print(SnapshotViews.document(truth));
            return Failure.DONE;
        }
        SnapshotRecord record = truth.snapshot();
        fact("Name", name);
        fact("Domain", target);
        fact("Current", truth.current() ? "yes" : "no");
        fact("State", record.memory() ? "running" : "disk-snapshot");
        fact("Location", "external");
        fact("Parent", record.parent() == null ? "-" : record.parent());
        fact("Children", Long.toString(children(truths, name)));
        fact("Descendants", Long.toString(descendants(truths, name, truths.size())));
        fact("Metadata", "yes");
        return Failure.DONE;
    }

    private void fact(String word, String value) {
        console().out(String.format(Locale.ROOT, "%-15s %s", word + ":", value));
    }

    private static long children(List<Truth> truths, String name) {
        return truths.stream().filter(t -> name.equals(t.snapshot().parent())).count();
    }

    private static long descendants(List<Truth> truths, String name, int depth) {
        return depth == 0
                ? 0
                : truths.stream()
                        .map(Truth::snapshot)
                        .filter(s -> name.equals(s.parent()))
                        .mapToLong(s -> 1 + descendants(truths, s.name(), depth - 1))
                        .sum();
    }
}
