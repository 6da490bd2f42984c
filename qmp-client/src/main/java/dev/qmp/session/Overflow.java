package dev.qmp.session;

/** What happens to an event that meets a full queue. Each loss is counted. */
public enum Overflow {
    /** The oldest queued event makes room. */
    DROP_OLDEST,
    /** The new event is lost. */
    DROP_NEWEST,
    /** The subscription ends with {@link dev.qmp.error.EventsLostException}, after what was queued. */
    END
}
