package dev.qmp.session;

import java.time.Instant;

/**
 * A command that was sent and has no reply yet.
 *
 * @param id as it went to the peer, and as it stands in recordings of the traffic
 * @param sentAt by this host's clock
 * @param givenUp whether nobody waits for it any more: its deadline has passed, or its caller has cancelled it
 */
public record OutstandingCommand(long id, String command, Instant sentAt, boolean givenUp) {}
