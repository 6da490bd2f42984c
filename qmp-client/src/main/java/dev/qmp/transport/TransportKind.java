package dev.qmp.transport;

/** Which implementation opens a link. */
public enum TransportKind {
    /** {@link #EPOLL} where its native library loads, else {@link #KQUEUE} on macOS, else {@link #NIO}. */
    AUTO,
    /** Netty's native epoll channels: Linux, x86_64 and aarch64. Tells the peer's credentials; does abstract sockets. */
    EPOLL,
    /** Netty's native kqueue channels: macOS. Tells the peer's credentials. */
    KQUEUE,
    /** The JDK's own UNIX and TCP sockets through Netty's NIO: everywhere. */
    NIO,
    /**
     * UNIX sockets through jnr-unixsocket: wherever jnr has a native library, such as Linux on s390x and ppc64le, where Netty
     * has none. Tells the peer's credentials; does abstract sockets; does no TCP. Loaded only when it is asked for.
     */
    JNR
}
