package dev.qmp.transport;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/** Where links take their buffers from. */
final class LinkBuffers {

    /**
     * Unpooled, because QMP is small talk: Netty's default allocator takes megabytes for its first chunk, and registers
     * with Flight Recorder, which alone doubles the time of a short program. Of our own, so that what is lent out can be counted.
     */
    static final UnpooledByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(true);

    /**
     * One read of a link, 64 KiB at most, and the loop's other links get their turn. Netty's sixteen let a peer that floods
     * us make the others wait for a megabyte of small documents to be understood.
     */
    static final RecvByteBufAllocator READS = new AdaptiveRecvByteBufAllocator().maxMessagesPerRead(1);

    private LinkBuffers() {}
}
