package dev.qmp.session;

import dev.qmp.error.ProtocolViolationException;
import dev.qmp.transport.Link;
import dev.qmp.wire.Message;
import dev.qmp.wire.MessageCodec;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A link's documents become messages, in order. A small one is read where it came, on the loop. A big one, which can take
 * seconds to read, is read on another thread, so that the links that share the loop wait for nobody; meanwhile its own link
 * takes nothing in, and what had come behind it waits. Confined to the loop.
 */
final class Intake {

    /** Read on the loop up to here: about a millisecond at most. */
    static final int SMALL = 64 << 10;

    private final MessageCodec codec;
    private final Consumer<Message> messages;
    private final Consumer<ProtocolViolationException> violations;
    private final ArrayDeque<byte[]> behind = new ArrayDeque<>();
    private @Nullable Runnable end;
    private boolean reading;
    private boolean catchingUp;
    private boolean broken;

    Intake(MessageCodec codec, Consumer<Message> messages, Consumer<ProtocolViolationException> violations) {
        this.codec = codec;
        this.messages = messages;
        this.violations = violations;
    }

    /**
     * Takes a document; its bytes are the caller's again when this returns.
     *
     * @throws ProtocolViolationException where it was read at once and is no message
     */
    void document(byte[] bytes, int offset, int length, Link link) {
        if (reading) {
            behind.add(Arrays.copyOfRange(bytes, offset, offset + length));
        } else if (length <= SMALL) {
            here(bytes, offset, length);
        } else {
            readElsewhere(Arrays.copyOfRange(bytes, offset, offset + length), link);
        }
    }

    /** Takes a document that is read at once, whatever its size, from a peer of which none is read elsewhere. */
    void here(byte[] bytes, int offset, int length) {
        messages.accept(codec.decode(bytes, offset, length));
    }

    /** The peer's bytes cannot be understood; heard of after all messages that came before. */
    void violation(ProtocolViolationException violation) {
        afterAll(() -> violations.accept(violation));
    }

    /** Nothing will come any more; {@code action} runs after all messages that came before. */
    void ended(Runnable action) {
        afterAll(action);
    }

    private void afterAll(Runnable action) {
        if (!reading && !catchingUp) {
            action.run();
        } else {
            Runnable before = end;
            end = before == null
                    ? action
                    : () -> {
                        before.run();
                        action.run();
                    };
        }
    }

    private void readElsewhere(byte[] document, Link link) {
        reading = true;
        link.reading(false);
        DecodingThreads.execute(() -> {
            try {
                Message message = codec.decode(document, 0, document.length);
                link.loop().execute(() -> goOn(() -> accept(message), link));
            } catch (ProtocolViolationException e) {
                link.loop().execute(() -> goOn(() -> fail(e), link));
            } catch (Throwable e) {
                // Out of memory, for one: this link's business and nobody else's.
                ProtocolViolationException cause = new ProtocolViolationException(
                        ProtocolViolationException.Kind.LIMIT_EXCEEDED,
                        "a document of " + document.length + " bytes could not be read: " + e,
                        e);
                link.loop().execute(() -> goOn(() -> fail(cause), link));
            }
        });
    }

    private void goOn(Runnable first, Link link) {
        reading = false;
        catchingUp = true;
        first.run();
        while (!broken && !reading && !behind.isEmpty()) {
            byte[] next = behind.remove();
            try {
                document(next, 0, next.length, link);
            } catch (ProtocolViolationException e) {
                fail(e);
            }
        }
        catchingUp = false;
        if (!reading) {
            behind.clear();
            link.reading(true);
            Runnable last = end;
            end = null;
            if (last != null) {
                last.run();
            }
        }
    }

    /** A message can be a violation as well: an error without id, for one. */
    private void accept(Message message) {
        try {
            messages.accept(message);
        } catch (ProtocolViolationException e) {
            fail(e);
        }
    }

    private void fail(ProtocolViolationException e) {
        broken = true;
        violations.accept(e);
    }
}
