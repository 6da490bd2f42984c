package dev.qmp.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.qmp.QmpClient;
import dev.qmp.cli.render.Table;
import dev.qmp.error.ConnectFailedException;
import dev.qmp.operation.OpenOperation;
import dev.qmp.operation.Operations;
import dev.qmp.operation.Standing;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

@Command(
        name = "list",
        description = "The unfinished operations of a guest, and how each stands: by the live graph, the jobs and the"
                + " journal. Also of a guest that does not run any more.")
final class OperationsListCommand extends TargetCommand {

    @Override
    public Integer call() throws Exception {
        try {
            return super.call();
        } catch (ConnectFailedException e) {
            // A QEMU that died in the middle is why somebody asks.
            Map<OpenOperation, Standing> left = leftBy();
            if (left.isEmpty()) {
                throw e;
            }
            note("note: " + e.getMessage());
            return show(left);
        }
    }

    @Override
    int run(QmpClient client) throws InterruptedException, IOException {
        Operations operations = new Operations(client, new Records(context(), client).operations());
        Map<OpenOperation, Standing> standings = new LinkedHashMap<>();
        for (OpenOperation open : operations.open()) {
            standings.put(open, await(operations.standing(open)));
        }
        return show(standings);
    }

    private int show(Map<OpenOperation, Standing> standings) {
        if (json()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            standings.forEach((open, standing) -> array.addObject()
                    .put("id", open.id())
                    .put("operation", open.plan().operation())
                    .put("subject", open.plan().subject())
                    .put("since", open.since().toString())
                    .put("steps", open.plan().steps().size())
                    .put("begun", open.begun())
                    .put("done", open.done())
                    .put("situation", Documents.lower(standing.situation()).replace('_', '-'))
                    .put("standing", standing.text())
                    .put("advice", standing.advice())
                    .put("failure", open.failure()));
            print(array);
            return Failure.DONE;
        }
        Table table = new Table("ID", "SUBJECT", "SINCE", "STEP", "STANDING", "ADVICE");
        standings.forEach((open, standing) -> table.row(
                open.id(),
                open.plan().subject(),
                open.since().toString(),
                open.done() + "/" + open.plan().steps().size(),
                standing.text(),
                standing.advice()));
        console().table(table);
        return Failure.DONE;
    }

    /** What was begun under this TARGET, by the journals alone. */
    private Map<OpenOperation, Standing> leftBy() throws IOException {
        Map<OpenOperation, Standing> left = new LinkedHashMap<>();
        for (Path folder : folders()) {
            for (OpenOperation open : Operations.open(folder)) {
                if (isTarget(open)) {
                    left.put(open, Standing.withoutQemu(open));
                }
            }
        }
        return left;
    }

    private boolean isTarget(OpenOperation open) {
        String word = target.equals("-") ? context().environment().getOrDefault("QMP_TARGET", "") : target;
        String monitor = open.attachment().path("monitor").asText();
        return word.equals(open.attachment().path("target").asText())
                || word.equals(monitor)
                || monitor.equals("unix:" + word);
    }

    private List<Path> folders() throws IOException {
        List<Path> folders = new ArrayList<>();
        try (DirectoryStream<Path> all =
                Files.newDirectoryStream(context().state().folder(), "*" + Records.OPERATIONS)) {
            all.forEach(folders::add);
        } catch (NoSuchFileException e) {
            return List.of(); // nothing was ever written down
        }
        return folders;
    }
}
