package dev.qmp.agent;

import dev.qmp.qapi.JsonValue;
import java.util.List;
import java.util.Map;

/**
 * What an agent says of itself ({@code GuestAgentInfo}).
 *
 * @param version of the agent, in its own words; QEMU's version that it was built from
 * @param commands all that it knows, whether it may run them or not
 * @param unknownMembers what a newer agent says in it, by its names
 */
public record AgentInfo(String version, List<AgentCommand> commands, Map<String, JsonValue> unknownMembers) {

    public AgentInfo {
        commands = List.copyOf(commands);
        unknownMembers = Map.copyOf(unknownMembers);
    }

    /** Whether the agent has this command and may run it now: a guest's owner can block some, and a freeze blocks most. */
    public boolean offers(String command) {
        return commands.stream().anyMatch(c -> c.name().equals(command) && c.enabled());
    }
}
