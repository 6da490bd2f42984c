package dev.qmp.session;

/**
 * How many in-band commands may be on their way at a time.
 *
 * @param awaited sent, and awaited by their callers
 * @param unanswered sent and not answered, also those that their callers have given up
 */
record Window(int awaited, int unanswered) {

    /** So many commands are out and remembered at a time, most of them given up then; the next ones wait. */
    static final int GIVEN_UP = 64;

    /**
     * Without out-of-band, where QEMU takes one command and leaves the rest in the socket. A command that was given up makes
     * room: whether to send another behind it is its caller's choice.
     */
    static Window inBandOnly(int inFlight) {
        return new Window(inFlight, Math.max(inFlight, GIVEN_UP));
    }

    /**
     * With out-of-band. A command that was given up takes room here: QEMU holds it in its queue, and with that full (8 with
     * the one that is being run, all versions) it stops reading, so that nothing could overtake.
     */
    static Window withOutOfBand(int inFlight) {
        return new Window(inFlight, inFlight);
    }
}
