package dev.qmp.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.error.OutcomeUnknownException.Reason;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Who is on the other end of the wire. */
public enum PeerProfile {

    /** A QMP monitor, QEMU's or a storage daemon's: it greets, negotiates, and answers by id. */
    MONITOR("QEMU", "QEMU may have run it; look at its state (disks, chain, jobs) before trying again"),

    /** A guest agent: it greets nobody, has to be synchronized with, and answers in order. */
    GUEST_AGENT(
            "the guest agent",
            "the guest may have run it, or may run it yet; look at the guest's state before trying again, and thaw what"
                    + " may have been frozen");

    /** Below this a whole number passes unchanged through an agent that reads numbers as doubles. */
    private static final long EXACT_DOUBLES = 1L << 53;

    private final String called;
    private final String advice;

    PeerProfile(String called, String advice) {
        this.called = called;
        this.advice = advice;
    }

    /** What messages call this peer. */
    String called() {
        return called;
    }

    OutcomeUnknownException connectionLost(String command, Throwable cause) {
        String why = "the connection ended before its reply came";
        return new OutcomeUnknownException(command, Reason.CONNECTION_LOST, why, advice, cause);
    }

    OutcomeUnknownException deadlinePassed(String command, String why, @Nullable CompletionStage<JsonNode> lateReply) {
        return new OutcomeUnknownException(command, Reason.DEADLINE_PASSED, why, advice, null, lateReply);
    }

    Dialogue dialogue(String address, SessionOptions options, Counters counters, Dialogue.Line line) {
        return switch (this) {
            case MONITOR -> new MonitorDialogue(address, options, counters, line);
            case GUEST_AGENT ->
                new AgentDialogue(
                        address,
                        options,
                        counters,
                        line,
                        () -> ThreadLocalRandom.current().nextLong(1, EXACT_DOUBLES));
        };
    }
}
