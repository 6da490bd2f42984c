package dev.qmp.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.qapi.QmpCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The agent's commands that are typed here: their names, arguments and what their replies become. */
final class AgentCommands {

    private record Typed<R>(String commandName, ObjectNode encodeArguments, Function<JsonNode, R> decoder)
            implements QmpCommand<R> {

        @Override
        public R decodeReturn(JsonNode result) {
            return decoder.apply(result);
        }
    }

    static final QmpCommand<AgentInfo> INFO = plain("guest-info", AgentCommands::info);

    static final QmpCommand<FreezeStatus> FREEZE_STATUS =
            plain("guest-fsfreeze-status", reply -> FreezeStatus.of(Members.text("guest-fsfreeze-status", reply)));

    static final QmpCommand<Integer> FREEZE = counting("guest-fsfreeze-freeze", JsonNodeFactory.instance.objectNode());

    static final QmpCommand<Integer> THAW = counting("guest-fsfreeze-thaw", JsonNodeFactory.instance.objectNode());

    static final QmpCommand<List<GuestFileSystem>> FS_INFO = plain("guest-get-fsinfo", AgentCommands::fileSystems);

    private AgentCommands() {}

    static QmpCommand<Integer> freeze(List<String> mountpoints) {
        ArrayNode names = JsonNodeFactory.instance.arrayNode();
        mountpoints.forEach(names::add);
        return counting(
                "guest-fsfreeze-freeze-list",
                JsonNodeFactory.instance.objectNode().set("mountpoints", names));
    }

    private static <R> QmpCommand<R> plain(String name, Function<JsonNode, R> decoder) {
        return new Typed<>(name, JsonNodeFactory.instance.objectNode(), decoder);
    }

    private static QmpCommand<Integer> counting(String name, ObjectNode arguments) {
        return new Typed<>(name, arguments, reply -> Members.count(name, reply));
    }

    private static AgentInfo info(JsonNode reply) {
        Members members = Members.of("guest-info", reply);
        String version = members.text("version");
        List<AgentCommand> commands = new ArrayList<>();
        for (JsonNode entry : members.array("supported_commands")) {
            Members command = Members.of("guest-info", entry);
            commands.add(new AgentCommand(
                    command.text("name"),
                    command.flag("enabled"),
                    command.flag("success-response"),
                    command.unknownMembers()));
        }
        return new AgentInfo(version, commands, members.unknownMembers());
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
                    members.unknownMembers()));
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
                members.unknownMembers());
    }
}
