package dev.qmp.session;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import dev.qmp.error.ConnectionLostException;
import dev.qmp.error.ProtocolViolationException;
import dev.qmp.transport.LinkLoop;
import dev.qmp.wire.Message;
import dev.qmp.wire.Message.Failure;
import dev.qmp.wire.Message.Greeting;
import dev.qmp.wire.Message.Reply;
import dev.qmp.wire.Request;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Greeting, {@code qmp_capabilities}, its reply. A greeting can come more than once: a monitor on a pty greets at once and
 * again when it sees the other end (7.2), and one that is reset forgets what it was asked. So each greeting is answered, and
 * the first agreement ends the handshake. Events between them are none of its business: the session has taken them
 * out before. Confined to the session's loop; {@link #result} completes there.
 */
final class Handshake {

    static final long NEGOTIATION_ID = 0;
    private static final String OOB = "oob";
    private static final int MOST_GREETINGS = 4;

    private final String address;
    private final Duration timeout;
    private final boolean wantsOutOfBand;
    private final BooleanSupplier insideDocument;
    private final Consumer<Request> sender;
    private final Runnable closer;
    private final CompletableFuture<Optional<Greeting>> result = new CompletableFuture<>();
    private @Nullable LinkLoop loop;
    private LinkLoop.@Nullable Timer timer;
    private @Nullable Greeting greeting;

    /** Negotiations that were sent and are not answered. */
    private int unanswered;

    /** {@code insideDocument} tells whether the peer has begun to say something. */
    Handshake(
            String address,
            Duration timeout,
            boolean wantsOutOfBand,
            BooleanSupplier insideDocument,
            Consumer<Request> sender,
            Runnable closer) {
        this.address = address;
        this.timeout = timeout;
        this.wantsOutOfBand = wantsOutOfBand;
        this.insideDocument = insideDocument;
        this.sender = sender;
        this.closer = closer;
    }

    CompletableFuture<Optional<Greeting>> result() {
        return result;
    }

    /** Whether out-of-band was offered and enabled; known once {@link #result} is. */
    boolean outOfBand() {
        return greeting != null && offersOutOfBand(greeting);
    }

    void begin(LinkLoop linkLoop) {
        loop = linkLoop;
        timer = linkLoop.schedule(this::noGreeting, timeout);
    }

    void message(Message message) {
        if (message instanceof Greeting first) {
            greeted(first);
        } else if (greeting == null) {
            end(notQmp("it answered before it greeted", null));
        } else if (message instanceof Reply) {
            unanswered--;
            succeed(greeting);
        } else if (message instanceof Failure failure) {
            end(new ConnectFailedException(
                    address,
                    Reason.NEGOTIATION_REFUSED,
                    "QEMU at " + address + " refused the negotiation: " + failure.desc() + " (" + failure.errorClass()
                            + ")",
                    null,
                    null));
        }
    }

    /** Whether a reply to {@link #NEGOTIATION_ID} after the end answers one of several negotiations; counted off then. */
    boolean tookSurplus() {
        return unanswered > 0 && unanswered-- > 0;
    }

    /** The peer's bytes were no QMP; does nothing once the handshake is over. */
    void notQmp(ProtocolViolationException violation) {
        end(notQmp(violation.getMessage(), violation));
    }

    /** The link could not be opened, or has ended. */
    void fail(Throwable failure) {
        if (failure instanceof ConnectionLostException) {
            String when = greeting == null ? "before its greeting" : "during the negotiation";
            end(new ConnectFailedException(
                    address,
                    Reason.NOT_QMP,
                    address + " ended the connection " + when + " (" + failure.getMessage() + ")",
                    "if this is a QEMU, it was starting up or shutting down: look at its stderr, then try again",
                    failure));
        } else {
            end(failure);
        }
    }

    private void greeted(Greeting said) {
        if (unanswered == MOST_GREETINGS) {
            end(notQmp("it greeted again and again", null));
            return;
        }
        if (greeting == null) {
            restartTimer(this::noNegotiation);
        }
        greeting = said;
        negotiate(said);
    }

    private void negotiate(Greeting with) {
        unanswered++;
        sender.accept(new Request(NEGOTIATION_ID, "qmp_capabilities", offersOutOfBand(with) ? enable(OOB) : null));
    }

    private boolean offersOutOfBand(Greeting with) {
        return wantsOutOfBand && with.capabilities().contains(OOB);
    }

    private static ObjectNode enable(String capability) {
        ObjectNode arguments = JsonNodeFactory.instance.objectNode();
        arguments.putArray("enable").add(capability);
        return arguments;
    }

    private void noGreeting() {
        if (insideDocument.getAsBoolean()) {
            end(new ConnectFailedException(
                    address,
                    Reason.TIMED_OUT,
                    address + " began to greet and did not end within " + timeout.toMillis() + " ms",
                    "QEMU is stuck or stopped, or what is between it and us is: look at the process's state",
                    null));
            return;
        }
        end(new ConnectFailedException(
                address,
                Reason.BUSY,
                address + " accepted the connection but sent no greeting within " + timeout.toMillis() + " ms",
                "a QMP monitor serves one client at a time: end the other client, or give QEMU a second -qmp socket",
                null));
    }

    private void noNegotiation() {
        end(new ConnectFailedException(
                address,
                Reason.TIMED_OUT,
                "QEMU at " + address + " greeted but did not answer qmp_capabilities within " + timeout.toMillis()
                        + " ms",
                "QEMU's main loop is stuck or stopped: look at the process's state",
                null));
    }

    private ConnectFailedException notQmp(@Nullable String what, @Nullable Throwable cause) {
        return new ConnectFailedException(
                address,
                Reason.NOT_QMP,
                address + " is not a QMP monitor: " + what,
                "name the socket of QEMU's -qmp option; -monitor is the human monitor, which speaks another language",
                cause);
    }

    private void succeed(Greeting with) {
        cancelTimer();
        result.complete(Optional.of(with));
    }

    private void end(Throwable failure) {
        cancelTimer();
        if (result.completeExceptionally(failure)) {
            closer.run();
        }
    }

    private void restartTimer(Runnable action) {
        cancelTimer();
        if (loop != null) {
            timer = loop.schedule(action, timeout);
        }
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
        }
    }
}
