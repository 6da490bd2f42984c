package dev.qmp.agent;

import dev.qmp.qapi.JsonValue;
import java.util.Map;

/**
 * One command of an agent's ({@code GuestAgentCommandInfo}).
 *
 * @param enabled whether it may be run now
 * @param answers whether it answers where it succeeds; {@code guest-shutdown} does not
 * @param unknownMembers what a newer agent says in it, by its names
 */
public record AgentCommand(String name, boolean enabled, boolean answers, Map<String, JsonValue> unknownMembers) {

    public AgentCommand {
        unknownMembers = Map.copyOf(unknownMembers);
    }
}
