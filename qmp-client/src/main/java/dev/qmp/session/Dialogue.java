package dev.qmp.session;

import dev.qmp.error.OutOfBandUnavailableException;
import dev.qmp.error.ProtocolViolationException;
import dev.qmp.transport.DescriptorSet;
import dev.qmp.transport.LinkLoop;
import dev.qmp.wire.DocumentFramer.DocumentConsumer;
import dev.qmp.wire.Message;
import dev.qmp.wire.Message.Greeting;
import dev.qmp.wire.Request;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What of a conversation depends on the kind of the peer: how it opens, how bytes become documents and requests bytes, when
 * a command may leave, and which command a reply belongs to. All else is the {@link Session}'s. Confined to its loop.
 */
interface Dialogue {

    /** What a dialogue asks of its session. */
    interface Line {

        /** Sends bytes; the document that they hold begins at {@code from}. */
        void send(byte[] bytes, int from);

        /** As {@link #send(byte[], int)}, with descriptors, which it uses up. */
        void send(byte[] bytes, int from, DescriptorSet descriptors);

        void close();

        /** A command that {@link #maySend} has held back may leave now. */
        void resume();

        /** No reply will come any more to the command with this id, which its caller had given up. */
        void forget(long id);
    }

    /** Completes once commands may be sent, with the greeting of a peer that greets. Its failure has closed the line. */
    CompletableFuture<Optional<Greeting>> opened();

    void begin(LinkLoop loop);

    /** A message other than an event while {@link #opened} is not done. */
    void opening(Message message);

    /** The link could not be opened, or has ended; does nothing once {@link #opened} is done. */
    void fail(Throwable failure);

    /**
     * Hands over each document that the bytes complete.
     *
     * @throws ProtocolViolationException where the peer says what it cannot say; the session ends with it
     */
    void feed(byte[] bytes, int offset, int length, DocumentConsumer consumer);

    boolean insideDocument();

    void send(Request request);

    /** How many commands may be on their way; asked once {@link #opened} is done. */
    Window window();

    /** Why no command can go out of band; null where they can. */
    OutOfBandUnavailableException.@Nullable Reason outOfBandUnavailable();
    /** As {@link #send(Request)}, with descriptors, which it uses up. */
    default void send(Request request, DescriptorSet descriptors) {
        throw new UnsupportedOperationException("this peer takes no descriptors");
    }

    /** Whether this command, the next in turn, may leave; if not, {@link Line#resume} is called when that changes. */
    boolean maySend(PendingCommand command);

    /** The id of the command that a reply or refusal answers; null, and counted, where it answers none of this session's. */
    @Nullable
    Long answered(Message reply);
}
