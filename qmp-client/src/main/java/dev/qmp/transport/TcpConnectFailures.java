package dev.qmp.transport;

import static dev.qmp.transport.ConnectFailures.failure;

import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;

/** Why a TCP port cannot be connected. */
final class TcpConnectFailures {

    private TcpConnectFailures() {}

    /** The address is one with that host and port, whatever is spoken there. */
    static ConnectFailedException of(QmpAddress address, String host, int port, Throwable cause) {
        ConnectErrno errno = ConnectErrno.of(cause);
        return switch (errno) {
            case UNKNOWN_HOST -> failure(address, Reason.NOT_FOUND, "There is no host named " + host, null, cause);
            case REFUSED ->
                failure(
                        address,
                        Reason.NOBODY_LISTENING,
                        "Nobody listens on port " + port + " of " + host,
                        address instanceof QmpAddress.Tls
                                ? "Is QEMU running there, with a -chardev socket,port=" + port
                                        + ",tls-creds=…,server=on?"
                                : "Is QEMU running there, and was it started with -qmp tcp:…:" + port
                                        + ",server=on,wait=off?",
                        cause);
            case NETWORK_UNREACHABLE, HOST_UNREACHABLE ->
                failure(
                        address,
                        Reason.IO,
                        "The host " + host + " cannot be reached: " + ConnectErrno.textOf(cause),
                        null,
                        cause);
            case TIMED_OUT ->
                failure(
                        address,
                        Reason.TIMED_OUT,
                        "The host " + host + " does not answer on port " + port,
                        "Check the host and the port; a firewall that drops packets looks like this, too",
                        cause);
            case ACCESS, NOT_PERMITTED ->
                failure(
                        address,
                        Reason.PERMISSION_DENIED,
                        "This system's firewall or sandbox does not allow a connection to " + address,
                        null,
                        cause);
            default -> ConnectFailures.other(address, cause);
        };
    }
}
