package dev.qmp.transport;

import java.util.Optional;

/** One open connection that carries bytes. Every method but {@link #loop()} is to be called on the link's loop. */
public interface Link {

    /** The loop that this link is confined to: its listener is called there, and nowhere else. */
    LinkLoop loop();

    /**
     * Hands bytes to the operating system, in order; never blocks. A failure to write ends the link,
     * but what the peer had said before it went is received first. Does nothing once the link is closing.
     */
    void send(byte[] bytes);

    /** Whether {@link #send(byte[], DescriptorSet)} works here: UNIX sockets over epoll and jnr, on Linux. */
    default boolean passesDescriptors() {
        return false;
    }

    /**
     * As {@link #send(byte[])}, with descriptors that the peer receives together with the first of these bytes and with no
     * others. The set is used up: the descriptors are closed here once the kernel has them, and just as well where the link
     * ends before.
     *
     * @throws UnsupportedOperationException where this link does not pass descriptors; they are closed
     * @throws IllegalArgumentException where there are no bytes for them to travel with; they stay the caller's
     * @throws IllegalStateException where the set was used up before
     */
    default void send(byte[] bytes, DescriptorSet descriptors) {
        descriptors.close();
        throw new UnsupportedOperationException("this link does not pass descriptors");
    }

    /**
     * Whether bytes of the peer's are wanted, as they are at first. While they are not, the peer's writes fill what the
     * operating system lends and then wait; a few that were on their way may still be received.
     */
    default void reading(boolean wanted) {}

    /**
     * Closes the link after what was sent has been handed to the operating system, waiting a second at most for a peer
     * that does not read. Its listener hears of the end, with a null cause, and may receive bytes until then.
     */
    void close();

    /**
     * Who listened on the other end when the connection was made; empty where the kernel does not tell (TCP), and
     * where it is asked for the first time after the end.
     */
    Optional<PeerCredentials> peer();
}
