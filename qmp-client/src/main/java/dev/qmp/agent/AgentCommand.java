package dev.qmp.agent;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * One command of an agent's ({@code GuestAgentCommandInfo}).
 *
 * @param enabled whether it may be run now
 * @param answers whether it answers where it succeeds; {@code guest-shutdown} does not
 * @param others members that this build does not know, by name
 */
public record AgentCommand(String name, boolean enabled, boolean answers, Map<String, JsonNode> others) {

    public AgentCommand {
        others = Map.copyOf(others);
    }
}
