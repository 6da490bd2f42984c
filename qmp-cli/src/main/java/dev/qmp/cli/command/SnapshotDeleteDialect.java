package dev.qmp.cli.command;

import dev.qmp.QmpClient;
import dev.qmp.cli.state.GuestState;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "snapshot-delete", description = "virsh's: discards a snapshot. See also: snapshot delete")
final class SnapshotDeleteDialect extends DialectCommand {

    @Option(names = "--snapshotname", paramLabel = "NAME", description = "the snapshot")
    private @Nullable String snapshot;

    @Option(names = "--children", description = "with all snapshots on top of it")
    private boolean children;

    @Option(names = "--children-only", description = "those alone")
    private boolean childrenOnly;

    @Option(names = "--metadata", description = "the record alone: no image is touched")
    private boolean metadata;

    @Option(names = "--current", hidden = true)
    private boolean current;

    @Override
    public Integer call() throws Exception {
        refuse(current, "--current", "what is deleted is named here");
        checkRefused();
        String target = takeDomain();
        String name = take(snapshot, "the snapshot");
        noMoreWords();
        try (Connection connection = Connection.open(root(), target)) {
            QmpClient client = connection.client();
            Records records = new Records(context(), client);
            GuestState state = records.read();
            Set<String> names = Deletion.names(state, name, !childrenOnly, children || childrenOnly);
            if (metadata) {
                records.forgotten(names.stream().sorted().toList());
            } else if (!names.isEmpty()) {
                Deletion deletion = new Deletion(this, client, names);
                Deletion.Prepared prepared = deletion.prepare(null, false);
                deletion.run(
                        new PlanRun(this, client, target).showing(PercentLine.maker(this, "Snapshot delete", false)),
                        prepared);
            }
        }
        say(childrenOnly ? "Domain snapshot " + name + " children deleted" : "Domain snapshot " + name + " deleted");
        return Failure.DONE;
    }
}
