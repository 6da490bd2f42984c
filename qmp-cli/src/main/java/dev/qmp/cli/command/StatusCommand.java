package dev.qmp.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.PeerKind;
import dev.qmp.QmpClient;
import dev.qmp.job.Jobs;
import dev.qmp.qapi.KvmInfo;
import dev.qmp.qapi.NameInfo;
import dev.qmp.qapi.QueryKvm;
import dev.qmp.qapi.QueryName;
import dev.qmp.qapi.QueryStatus;
import dev.qmp.qapi.QueryUuid;
import dev.qmp.qapi.StatusInfo;
import dev.qmp.qapi.UuidInfo;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

@Command(
        name = "status",
        aliases = {"domstate", "dominfo"},
        description = "Run state, version, uuid, name, acceleration, number of jobs.")
final class StatusCommand extends TargetCommand {

    @Override
    int run(QmpClient client) throws InterruptedException {
        Optional<StatusInfo> status = ask(client, new QueryStatus());
        PeerKind kind = status.isPresent() ? PeerKind.MACHINE : await(PeerKind.of(client));
        ObjectNode facts = JsonNodeFactory.instance.objectNode();
        facts.put("name", ask(client, new QueryName()).map(NameInfo::name).orElse(null));
        facts.put("state", status.map(s -> s.status().value()).orElse(null));
        facts.put("running", status.map(StatusInfo::running).orElse(false));
        facts.put("program", kind == PeerKind.MACHINE ? "machine emulator" : "storage daemon");
        facts.put("version", client.greeting().version().toString());
        facts.put("package", emptyToNull(client.greeting().version().packageVersion()));
        facts.put(
                "uuid",
                ask(client, new QueryUuid())
                        .map(UuidInfo::uuid)
                        .map(StatusCommand::known)
                        .orElse(null));
        facts.put("kvm", kvm(client));
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

    /** Deprecated in 11.1, and the only one that 7.2 and 10.0 have. */
    @SuppressWarnings("deprecation")
    private static boolean kvm(QmpClient client) throws InterruptedException {
        return ask(client, new QueryKvm()).map(KvmInfo::enabled).orElse(false);
    }

    /** QEMU gives zeros for a guest that was started without one. */
    private static @Nullable String known(String uuid) {
        return uuid.matches("[0-]*") ? null : uuid;
    }

    private static @Nullable String emptyToNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
