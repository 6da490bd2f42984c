package dev.qmp.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The agent's commands that are typed here: their names, arguments and what their replies become. */
final class AgentCommands {

    /** @param arguments null where the command has none */
    record Typed<R extends @Nullable Object>(
            String name, @Nullable ObjectNode arguments, Function<JsonNode, R> decoder) {}

    static final Typed<@Nullable Void> PING = new Typed<>("guest-ping", null, reply -> null);

    static final Typed<AgentInfo> INFO = new Typed<>("guest-info", null, AgentCommands::info);

    static final Typed<FreezeStatus> FREEZE_STATUS = new Typed<>(
            "guest-fsfreeze-status", null, reply -> FreezeStatus.of(Members.text("guest-fsfreeze-status", reply)));

    static final Typed<Integer> FREEZE = counting("guest-fsfreeze-freeze", null);

    static final Typed<Integer> THAW = counting("guest-fsfreeze-thaw", null);

    static final Typed<List<GuestFileSystem>> FS_INFO =
            new Typed<>("guest-get-fsinfo", null, AgentCommands::fileSystems);

    private AgentCommands() {}

    static Typed<Integer> freeze(List<String> mountpoints) {
        ArrayNode names = JsonNodeFactory.instance.arrayNode();
        mountpoints.forEach(names::add);
        return counting(
                "guest-fsfreeze-freeze-list",
                JsonNodeFactory.instance.objectNode().set("mountpoints", names));
    }

    private static Typed<Integer> counting(String name, @Nullable ObjectNode arguments) {
        return new Typed<>(name, arguments, reply -> Members.count(name, reply));
    }

    private static AgentInfo info(JsonNode reply) {
        Members members = Members.of("guest-info", reply);
        String version = members.text("version");
        List<AgentCommand> commands = new ArrayList<>();
        for (JsonNode entry : members.array("supported_commands")) {
            Members command = Members.of("guest-info", entry);
            commands.add(new AgentCommand(
                    command.text("name"), command.flag("enabled"), command.flag("success-response"), command.others()));
        }
        return new AgentInfo(version, commands, members.others());
    }

    private static List<GuestFileSystem> fileSystems(JsonNode reply) {
        List<GuestFileSystem> all = new ArrayList<>();
        for (JsonNode entry : Members.array("guest-get-fsinfo", reply)) {
            Members members = Members.of("guest-get-fsinfo", entry);
            List<GuestDiskAddress> disks = new ArrayList<>();
            members.array("disk").forEach(disk -> disks.add(disk(disk)));
            all.add(new GuestFileSystem(
                    members.text("name"),
                    members.text("mountpoint"),
                    members.text("type"),
                    members.optionalNumber("used-bytes"),
                    members.optionalNumber("total-bytes"),
                    disks,
                    members.others()));
        }
        return List.copyOf(all);
    }

    private static GuestDiskAddress disk(JsonNode entry) {
        Members members = Members.of("guest-get-fsinfo", entry);
        Members pci = Members.of("guest-get-fsinfo", members.object("pci-controller"));
        return new GuestDiskAddress(
                new GuestDiskAddress.PciAddress(
                        pci.number("domain"), pci.number("bus"), pci.number("slot"), pci.number("function")),
                members.text("bus-type"),
                members.number("bus"),
                members.number("target"),
                members.number("unit"),
                members.optionalText("serial"),
                members.optionalText("dev"),
                members.others());
    }
}
