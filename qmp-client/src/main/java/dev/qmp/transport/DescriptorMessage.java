package dev.qmp.transport;

import io.netty.channel.FileRegion;
import io.netty.util.AbstractReferenceCounted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Bytes that descriptors travel with, in a channel's queue of things to write.
 *
 * <p>Netty's own {@code write(FileDescriptor)} sends them with a byte of its own making, which QEMU's parser stumbles over
 * (4.2.18, QEMU 7.2). Here they go with the first byte of the command itself, by one sendmsg(2). It is a {@link FileRegion}
 * because that is the one kind of message which Netty lets write itself: in its turn among the others, again when the socket
 * is ready for more, and let go of when the channel closes before.
 */
final class DescriptorMessage extends AbstractReferenceCounted implements FileRegion {

    private final int socket;
    private final byte[] bytes;
    private final DescriptorSet descriptors;
    private int written;

    /** Owns the set from here on. */
    DescriptorMessage(int socket, byte[] bytes, DescriptorSet descriptors) {
        this.socket = socket;
        this.bytes = bytes;
        this.descriptors = descriptors;
    }

    /** Zero where the socket takes nothing for now. */
    @Override
    public long transferTo(WritableByteChannel target, long position) throws IOException {
        int count;
        if (written == 0) {
            count = SendMessage.send(socket, bytes, descriptors.numbers());
            if (count > 0) {
                descriptors.close(); // the kernel has its own references
            }
        } else {
            count = target.write(ByteBuffer.wrap(bytes, written, bytes.length - written));
        }
        written += count;
        return count;
    }

    @Override
    public long position() {
        return 0;
    }

    @Override
    public long transferred() {
        return written;
    }

    @Override
    @Deprecated
    public long transfered() {
        return written;
    }

    @Override
    public long count() {
        return bytes.length;
    }

    @Override
    protected void deallocate() {
        descriptors.close();
    }

    @Override
    public FileRegion retain() {
        super.retain();
        return this;
    }

    @Override
    public FileRegion retain(int increment) {
        super.retain(increment);
        return this;
    }

    @Override
    public FileRegion touch() {
        return this;
    }

    @Override
    public FileRegion touch(Object hint) {
        return this;
    }
}
