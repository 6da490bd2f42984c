package dev.qmp.transport;

import java.io.IOException;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Platform;
import jnr.ffi.Pointer;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/**
 * The calls of Linux's C library that neither the JDK nor Netty offers. Numbers and layouts are Linux's, the same on all of
 * its architectures that QEMU's hosts are. The native library loads with the first call.
 */
final class LibC {

    static final int EINTR = 4;
    static final int EBADF = 9;
    static final int EAGAIN = 11;
    static final int ENOTSOCK = 88;

    static final int O_CLOEXEC = 0x80000;
    static final int SOCK_CLOEXEC = 0x80000;
    static final int SOCK_NONBLOCK = 0x800;

    private LibC() {}

    /** Public, because jnr implements it in a class loader of its own. */
    public interface Calls {
        int socket(int domain, int type, int protocol);

        int connect(int socket, @In byte[] address, int length);

        @ssize_t
        long send(int socket, @In byte[] bytes, @size_t long length, int flags);

        @ssize_t
        long recv(int socket, @Out byte[] bytes, @size_t long length, int flags);

        int getsockopt(int socket, int level, int option, @Out int[] value, @In @Out int[] length);

        int getpeername(int socket, @Out byte[] address, @In @Out int[] length);

        int fcntl(int descriptor, int command, int argument);

        @ssize_t
        long sendmsg(int socket, @In Pointer message, int flags);

        int open(@In byte[] terminatedPath, int flags, int mode);

        int close(int descriptor);
    }

    private static final class Loaded {
        static final Calls CALLS = load();

        private static Calls load() {
            if (!isLinux()) {
                throw new UnsupportedOperationException("these calls are Linux's");
            }
            return LibraryLoader.create(Calls.class).load("c");
        }
    }

    static boolean isLinux() {
        return Platform.getNativePlatform().getOS() == Platform.OS.LINUX;
    }

    /**
     * The library.
     *
     * @throws UnsupportedOperationException on another system
     */
    static Calls calls() {
        return Loaded.CALLS;
    }

    /** Of the last call on this thread. */
    static int errno() {
        return LastError.getLastError(jnr.ffi.Runtime.getRuntime(Loaded.CALLS));
    }

    /** The last call's error, in the form of Netty's own, which {@link ConnectErrno} reads. */
    static IOException failed(String call) {
        int number = errno();
        return new IOException(call + "(..) failed with error(-" + number + "): " + text(number));
    }

    static String text(int errno) {
        return jnr.constants.platform.Errno.valueOf(errno).description();
    }
}
