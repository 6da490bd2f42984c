package dev.qmp.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Platform;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/** A netlink(7) socket, which neither the JDK nor Netty has. The native library loads with the first one. */
final class NetlinkSocket implements AutoCloseable {

    /** The four calls that it takes; public, because jnr implements it in a class loader of its own. */
    public interface LibC {
        int socket(int domain, int type, int protocol);

        @ssize_t
        long send(int socket, @In byte[] bytes, @size_t long length, int flags);

        @ssize_t
        long recv(int socket, @Out byte[] bytes, @size_t long length, int flags);

        int close(int descriptor);
    }

    private static final class Native {
        static final LibC C = load();

        private static LibC load() {
            // Numbers and layouts here are Linux's.
            if (Platform.getNativePlatform().getOS() != Platform.OS.LINUX) {
                throw new UnsupportedOperationException("netlink is Linux's");
            }
            return LibraryLoader.create(LibC.class).load("c");
        }
    }

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int NETLINK_SOCK_DIAG = 4;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int EINTR = 4;

    private final byte[] buffer = new byte[64 * 1024]; // the kernel's portions are 32 KiB at most
    private final int descriptor;

    private NetlinkSocket(int descriptor) {
        this.descriptor = descriptor;
    }

    static NetlinkSocket openSockDiag() throws IOException {
        int descriptor = Native.C.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_SOCK_DIAG);
        if (descriptor < 0) {
            throw failed("socket");
        }
        return new NetlinkSocket(descriptor);
    }

    /** Sends to the kernel. */
    void send(byte[] message) throws IOException {
        if (Native.C.send(descriptor, message, message.length, 0) != message.length) {
            throw failed("send");
        }
    }

    /** One portion of the answer. The kernel prepares the next whenever one is fetched, so that there is nothing to wait for. */
    ByteBuffer receive() throws IOException {
        long length;
        do {
            length = Native.C.recv(descriptor, buffer, buffer.length, MSG_DONTWAIT);
        } while (length < 0 && errno() == EINTR);
        if (length <= 0) {
            throw failed("recv");
        }
        return ByteBuffer.wrap(buffer, 0, (int) length).slice();
    }

    @Override
    public void close() {
        Native.C.close(descriptor);
    }

    private static int errno() {
        return LastError.getLastError(jnr.ffi.Runtime.getRuntime(Native.C));
    }

    private static IOException failed(String call) {
        return new IOException(call + " on a netlink socket failed with error " + errno());
    }
}
