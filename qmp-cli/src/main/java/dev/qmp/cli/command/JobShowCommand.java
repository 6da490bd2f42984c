package dev.qmp.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.QmpClient;
import dev.qmp.block.BlockGraph;
import dev.qmp.block.BlockOperations;
import dev.qmp.job.JobId;
import java.util.Map;
import picocli.CommandLine.Command;

@Command(name = "show", description = "One job.")
final class JobShowCommand extends JobTargetCommand {

    @Override
    int run(QmpClient client) throws InterruptedException {
        JobId id = find(client, job);
        BlockGraph graph = await(new BlockOperations(client).graph());
        ObjectNode document = graph.jobs().stream()
                .filter(j -> j.id().equals(id))
                .findFirst()
                .map(j -> Documents.job(j, graph))
                .orElseThrow(() -> new LocalException("no-such-job", "the job " + id + " has just gone", null, null));
        if (json()) {
            print(document);
        } else {
            for (Map.Entry<String, JsonNode> fact : document.properties()) {
                console()
                        .fact(
                                fact.getKey(),
                                fact.getValue().isNull() ? "-" : fact.getValue().asText());
            }
        }
        return Failure.DONE;
    }
}
