package dev.qmp.error;

import org.jspecify.annotations.Nullable;

/**
 * The peer sent what no QMP server sends: bytes that are no JSON object, a document over a limit, an error that answers
 * no command. The session ends with it, because after it nobody can say which reply belongs to which command.
 */
public final class ProtocolViolationException extends QmpException {

    /** What was wrong with the peer's bytes. */
    public enum Kind {
        /** Not JSON, not UTF-8, or no object. */
        MALFORMED,
        /** A document over the size cap, or nesting, a string or a number over its limit. */
        LIMIT_EXCEEDED,
        /** Well-formed JSON that is none of QMP's messages. */
        UNEXPECTED,
        /** An error without id: QEMU could not parse something that was sent to it. */
        ERROR_WITHOUT_ID,
        /** A greeting in the middle of a session: the monitor was reset, or another one is on the other end now. */
        GREETED_AGAIN
    }

    private final Kind kind;

    public ProtocolViolationException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, null, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
