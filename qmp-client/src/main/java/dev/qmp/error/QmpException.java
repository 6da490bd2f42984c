package dev.qmp.error;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The root of everything that this library reports. Programmer's mistakes are not here: they are
 * {@link IllegalArgumentException} and {@link IllegalStateException}.
 *
 * <pre>
 * QmpException
 *  ├─ ConnectFailedException      no session came to be; Reason says why
 *  ├─ ProtocolViolationException  the peer's bytes are not QMP, or over a limit; the session is over
 *  ├─ CommandFailedException      QEMU, or a guest agent, answered "error": its class and desc, word for word
 *  ├─ CommandNotSentException     the command never left this process: QEMU has not run it
 *  │   └─ OutOfBandUnavailableException  it was to overtake others, and cannot
 *  ├─ OutcomeUnknownException     it was sent, and no reply came in time or at all: look before you retry
 *  ├─ ConnectionLostException     the session ended: what subscribers and pending commands are told as the cause
 *  ├─ DifferentPeerException      a reconnecting client found another QEMU at its address, and has ended
 *  ├─ EventsLostException         a subscriber was too slow, and wished to end rather than to miss events
 *  ├─ UnexpectedValueException    the command was done, and its reply is not of QAPI's type
 *  ├─ JobFailedException          a job of QEMU's ended with an error, or was cancelled
 *  └─ UnsafeOperationException    a safety check of ours refused before anything was sent
 * </pre>
 *
 * <p>The message says what failed, with QEMU's own words where there are any; {@link #hint()} says what to do about it.
 */
public abstract sealed class QmpException extends RuntimeException
        permits ConnectFailedException,
                ProtocolViolationException,
                CommandFailedException,
                CommandNotSentException,
                OutcomeUnknownException,
                ConnectionLostException,
                DifferentPeerException,
                EventsLostException,
                UnexpectedValueException,
                JobFailedException,
                UnsafeOperationException {

    private final @Nullable String hint;

    QmpException(String message, @Nullable String hint, @Nullable Throwable cause) {
        super(message, cause);
        this.hint = hint;
    }

    /** What the reader of this error can do about it, as a sentence without a final dot; empty where we know of nothing. */
    public Optional<String> hint() {
        return Optional.ofNullable(hint);
    }
}
