package dev.qmp.transport;

import org.jspecify.annotations.Nullable;

/** What a link tells its owner, always on the link's loop: {@code opened} first, {@code closed} last and once. */
public interface LinkListener {

    void opened(Link link);

    /** Bytes of the peer's; the array is the link's own and valid during the call only. */
    void received(byte[] bytes, int offset, int length);

    /** The link has ended: null where the peer or we closed it in order, else what the operating system said. */
    void closed(@Nullable Throwable cause);
}
