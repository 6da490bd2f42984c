package dev.qmp.transport;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A netlink(7) socket, which neither the JDK nor Netty has. The native library loads with the first one. */
final class NetlinkSocket implements AutoCloseable {

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | LibC.SOCK_CLOEXEC;
    private static final int NETLINK_SOCK_DIAG = 4;
    private static final int MSG_DONTWAIT = 0x40;

    private final byte[] buffer = new byte[64 * 1024]; // the kernel's portions are 32 KiB at most
    private final int descriptor;

    private NetlinkSocket(int descriptor) {
        this.descriptor = descriptor;
    }

    static NetlinkSocket openSockDiag() throws IOException {
        int descriptor = LibC.calls().socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_SOCK_DIAG);
        if (descriptor < 0) {
            throw failed("socket");
        }
        return new NetlinkSocket(descriptor);
    }

    /** Sends to the kernel. */
    void send(byte[] message) throws IOException {
        if (LibC.calls().send(descriptor, message, message.length, 0) != message.length) {
            throw failed("send");
        }
    }

    /** One portion of the answer. The kernel prepares the next whenever one is fetched, so that there is nothing to wait for. */
    ByteBuffer receive() throws IOException {
        long length;
        do {
            length = LibC.calls().recv(descriptor, buffer, buffer.length, MSG_DONTWAIT);
        } while (length < 0 && LibC.errno() == LibC.EINTR);
        if (length <= 0) {
            throw failed("recv");
        }
        return ByteBuffer.wrap(buffer, 0, (int) length).slice();
    }

    @Override
    public void close() {
        LibC.calls().close(descriptor);
    }

    private static IOException failed(String call) {
        return new IOException(call + " on a netlink socket failed with error " + LibC.errno());
    }
}
