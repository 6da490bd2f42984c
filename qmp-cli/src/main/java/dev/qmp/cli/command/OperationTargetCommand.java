package dev.qmp.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.QmpClient;
import dev.qmp.block.BlockGraph;
import dev.qmp.block.Disk;
import dev.qmp.operation.OperationResult;
import dev.qmp.operation.OperationResult.End;
import dev.qmp.plan.DiskChange;
import java.util.List;
import picocli.CommandLine.Parameters;

/** A command on one unfinished operation. */
abstract class OperationTargetCommand extends TargetCommand {

    @Parameters(index = "1", paramLabel = "ID", description = "which operation: `qmp operations list` shows them")
    String id;

    abstract OperationResult act(PlanRun run) throws Exception;

    @Override
    int run(QmpClient client) throws Exception {
        OperationResult result = act(new PlanRun(this, client, target));
        PlanRun.tellKept(this, result.kept());
        if (json()) {
            ObjectNode document = JsonNodeFactory.instance.objectNode();
            document.put("id", id).put("end", Documents.lower(result.end()));
            ArrayNode removed = document.putArray("removed");
            result.removed().forEach(removed::add);
            document.set("chain", Documents.chains(disks(result)));
            print(document);
            return Failure.DONE;
        }
        console()
                .out(id + " (" + result.plan().operation() + " of "
                        + result.plan().subject() + ") is "
                        + (result.end() == End.DONE ? "finished" : "undone"));
        disks(result).forEach(disk -> console().out(disk.name() + ": " + disk.chainText()));
        return Failure.DONE;
    }

    private static List<Disk> disks(OperationResult result) {
        BlockGraph graph = result.graph();
        List<String> changed =
                result.plan().disks().stream().map(DiskChange::disk).toList();
        return graph == null
                ? List.of()
                : graph.disks().stream()
                        .filter(disk -> changed.contains(disk.name()))
                        .toList();
    }
}
