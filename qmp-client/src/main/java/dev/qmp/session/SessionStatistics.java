package dev.qmp.session;

/**
 * Counters of one session since its start.
 *
 * @param commandsSent commands handed to the link
 * @param replies replies and refusals that met their command
 * @param lateReplies replies to commands that nobody waited for any more (deadline passed, cancelled); dropped
 * @param unknownReplies replies with an id that was never sent, or sent twice, and an agent's to an earlier client; dropped
 * @param events events received
 */
public record SessionStatistics(long commandsSent, long replies, long lateReplies, long unknownReplies, long events) {

    /** The counters of a session that has counted nothing. */
    public static final SessionStatistics NONE = new SessionStatistics(0, 0, 0, 0, 0);

    /** What two sessions have counted together. */
    public SessionStatistics plus(SessionStatistics other) {
        return new SessionStatistics(
                commandsSent + other.commandsSent,
                replies + other.replies,
                lateReplies + other.lateReplies,
                unknownReplies + other.unknownReplies,
                events + other.events);
    }
}
