package dev.qmp.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.qmp.cli.host.HostQemu;
import dev.qmp.cli.render.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "list", description = "The QEMUs that run on this host.")
final class ListCommand extends Subcommand {

    @Option(names = "--all", hidden = true)
    private boolean all;

    @Override
    public Integer call() throws InterruptedException {
        if (all) {
            throw new UsageException(
                    "--all: there are no inactive guests here, since nobody keeps a definition of them",
                    "leave it out: every QEMU that runs is listed");
        }
        List<CompletableFuture<HostRow>> asked = new ArrayList<>();
        List<HostQemu> found = context().host().scan();
        HostProbe probe = new HostProbe(options(), found);
        for (HostQemu qemu : found) {
            asked.add(probe.ask(qemu));
        }
        List<HostRow> rows = new ArrayList<>();
        for (CompletableFuture<HostRow> one : asked) {
            rows.add(TargetCommand.await(one));
        }
        if (json()) {
            ArrayNode document = JsonNodeFactory.instance.arrayNode();
            rows.forEach(row -> document.add(row.document()));
            print(document);
            return Failure.DONE;
        }
        Table table = new Table("PID", "NAME", "STATE", "VERSION", "MONITOR");
        rows.forEach(row -> table.row(
                Long.toString(row.pid()), or(row.name()), row.stateText(), or(row.version()), row.monitorText()));
        console().table(table);
        return Failure.DONE;
    }

    private static String or(@Nullable String text) {
        return text == null ? "-" : text;
    }
}
