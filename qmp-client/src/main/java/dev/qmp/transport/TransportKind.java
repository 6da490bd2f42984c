package dev.qmp.transport;

/** Which implementation opens a link. */
public enum TransportKind {
    /** Epoll where its native library loads, else {@link #NIO}. */
    AUTO,
    /** Netty's native epoll channels: Linux, x86_64 and aarch64. Tells the peer's credentials; does abstract sockets. */
    EPOLL,
    /** The JDK's own UNIX and TCP sockets through Netty's NIO: everywhere. */
    NIO
}
