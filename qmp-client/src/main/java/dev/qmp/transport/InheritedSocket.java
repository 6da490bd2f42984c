package dev.qmp.transport;

import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A socket that this process has from its parent, or from anybody else: a number, of which nothing is sure yet. */
final class InheritedSocket {

    private static final int SOL_SOCKET = 1;
    private static final int SO_TYPE = 3;
    private static final int SO_ACCEPTCONN = 30;
    private static final int SO_DOMAIN = 39;

    private static final int SOCK_STREAM = 1;
    private static final int AF_UNIX = 1;

    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int O_NONBLOCK = 0x800;
    private static final int ANY_SOCKET_ADDRESS = 128;

    private final int descriptor;
    private final boolean unix;

    private InheritedSocket(int descriptor, boolean unix) {
        this.descriptor = descriptor;
        this.unix = unix;
    }

    /**
     * Takes a connected stream socket over: under another number, which no child process inherits, so that the old number is
     * free and cannot be taken over a second time.
     *
     * @throws ConnectFailedException where it is no such thing; the descriptor stays as it is
     * @throws IOException with what the operating system said
     */
    static InheritedSocket takeOver(QmpAddress.Inherited address) throws IOException {
        int given = address.descriptor();
        int domain = option(address, SO_DOMAIN);
        if (option(address, SO_TYPE) != SOCK_STREAM) {
            throw refusal(address, "is a datagram socket, and QMP needs a stream", null);
        }
        if (option(address, SO_ACCEPTCONN) != 0) {
            throw refusal(address, "listens, and is not connected", "Accept a connection on it and hand that one down");
        }
        if (LibC.calls().getpeername(given, new byte[ANY_SOCKET_ADDRESS], new int[] {ANY_SOCKET_ADDRESS}) != 0) {
            throw refusal(address, "is a socket that is not connected", "Connect it before it is handed down");
        }
        int flags = LibC.calls().fcntl(given, F_GETFL, 0);
        if (flags < 0 || LibC.calls().fcntl(given, F_SETFL, flags | O_NONBLOCK) < 0) {
            throw LibC.failed("fcntl");
        }
        int own = LibC.calls().fcntl(given, F_DUPFD_CLOEXEC, 0);
        if (own < 0) {
            throw LibC.failed("fcntl");
        }
        LibC.calls().close(given);
        return new InheritedSocket(own, domain == AF_UNIX);
    }

    int descriptor() {
        return descriptor;
    }

    /** Whether it is a UNIX socket and not TCP's. */
    boolean isUnix() {
        return unix;
    }

    void close() {
        LibC.calls().close(descriptor);
    }

    private static int option(QmpAddress.Inherited address, int option) throws IOException {
        int[] value = new int[1];
        if (LibC.calls().getsockopt(address.descriptor(), SOL_SOCKET, option, value, new int[] {Integer.BYTES}) == 0) {
            return value[0];
        }
        int errno = LibC.errno();
        if (errno == LibC.EBADF) {
            throw ConnectFailures.failure(
                    address,
                    Reason.NOT_FOUND,
                    "There is no open descriptor " + address.descriptor() + " in this process",
                    "Its parent must leave it open for it, without close-on-exec",
                    null);
        }
        if (errno == LibC.ENOTSOCK) {
            throw refusal(address, "is not a socket", "Give the number of a connected socket");
        }
        throw LibC.failed("getsockopt");
    }

    private static ConnectFailedException refusal(QmpAddress address, String what, @Nullable String hint) {
        return ConnectFailures.failure(
                address, Reason.BAD_ADDRESS, "The descriptor " + address + " " + what, hint, null);
    }
}
