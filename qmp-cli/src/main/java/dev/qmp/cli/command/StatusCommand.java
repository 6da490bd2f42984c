package dev.qmp.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.QmpClient;
import dev.qmp.error.CommandFailedException;
import dev.qmp.job.Jobs;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

@Command(
        name = "status",
        aliases = {"domstate", "dominfo"},
        description = "Run state, version, uuid, name, acceleration, number of jobs.")
final class StatusCommand extends TargetCommand {

    @Override
    int run(QmpClient client) throws InterruptedException {
        JsonNode status = await(client.execute("query-status"));
        ObjectNode facts = JsonNodeFactory.instance.objectNode();
        facts.put("name", text(ask(client, "query-name").path("name")));
        facts.put("state", text(status.path("status")));
        facts.put("running", status.path("running").asBoolean());
        facts.put("version", client.greeting().version().toString());
        facts.put("package", emptyToNull(client.greeting().version().packageVersion()));
        facts.put("uuid", uuid(ask(client, "query-uuid").path("UUID")));
        facts.put("kvm", ask(client, "query-kvm").path("enabled").asBoolean());
        facts.put("jobs", await(new Jobs(client).list()).size());
        facts.put("pid", client.peer().map(p -> p.pid()).filter(pid -> pid > 0).orElse(null));
        facts.put("monitor", client.address().toString());
        if (json()) {
            print(facts);
        } else {
            for (Map.Entry<String, JsonNode> fact : facts.properties()) {
                JsonNode value = fact.getValue();
                console().fact(fact.getKey(), value.isNull() ? "-" : value.asText());
            }
        }
        return Failure.DONE;
    }

    /** An empty answer where this program has no such command: a storage daemon lacks most of them. */
    private static JsonNode ask(QmpClient client, String command) throws InterruptedException {
        try {
            return await(client.execute(command));
        } catch (CommandFailedException e) {
            return JsonNodeFactory.instance.objectNode();
        }
    }

    private static @Nullable String text(JsonNode node) {
        return node.isTextual() ? node.textValue() : null;
    }

    /** QEMU gives zeros for a guest that was started without one. */
    private static @Nullable String uuid(JsonNode node) {
        String text = text(node);
        return text == null || text.matches("[0-]*") ? null : text;
    }

    private static @Nullable String emptyToNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
