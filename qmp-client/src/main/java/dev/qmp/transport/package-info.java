/**
 * Opening a link to a monitor, and what a link can do besides carrying bytes.
 *
 * <p>Owns addresses ({@link dev.qmp.transport.QmpAddress}), the channels of Netty (epoll where its native library loads,
 * kqueue on macOS, the JDK's own UNIX sockets through NIO elsewhere, TCP by the same, jnr-unixsocket for those who ask for
 * it), TLS over them by the JDK's provider, sockets of other hosts through the user's own ssh (a process a link, and its
 * forwarded socket on the loop), peer credentials, file descriptors that travel with bytes, and the question which process
 * holds the other end of a UNIX socket. Netty's and jnr's types stay inside. It knows nothing of QMP.
 */
@NullMarked
package dev.qmp.transport;

import org.jspecify.annotations.NullMarked;
