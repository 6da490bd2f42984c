package dev.qmp.transport;

import io.netty.buffer.UnpooledByteBufAllocator;

/** Where links take their buffers from. */
final class LinkBuffers {

    /**
     * Unpooled, because QMP is small talk: Netty's default allocator takes megabytes for its first chunk, and registers
     * with Flight Recorder, which alone doubles the time of a short program. Of our own, so that what is lent out can be counted.
     */
    static final UnpooledByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(true);

    private LinkBuffers() {}
}
