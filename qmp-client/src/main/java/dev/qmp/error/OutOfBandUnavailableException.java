package dev.qmp.error;

/** The command was to overtake others out of band and cannot: it was not sent. In band it may well work. */
public final class OutOfBandUnavailableException extends CommandNotSentException {

    /** What stands in the way. */
    public enum Reason {
        /** The client was not asked to negotiate it: an option of the client's. */
        NOT_ASKED_FOR("the client was connected without asking for out-of-band execution"),
        /** The peer's greeting did not offer it: a monitor on a multiplexed character device does not, nor a guest agent. */
        NOT_OFFERED("the peer does not offer out-of-band execution"),
        /** QEMU takes this command in band only, as it does all but a few. */
        NOT_ALLOWED("QEMU does not take it out of band");

        private final String text;

        Reason(String text) {
            this.text = text;
        }
    }

    private final Reason reason;

    public OutOfBandUnavailableException(String command, Reason reason) {
        super(command, reason.text, null);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
