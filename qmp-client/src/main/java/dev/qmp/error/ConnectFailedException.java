package dev.qmp.error;

import org.jspecify.annotations.Nullable;

/** No session came to be. Nothing was sent but, at most, {@code qmp_capabilities} or an agent's sync. */
public final class ConnectFailedException extends QmpException {

    /** Why there is no session. */
    public enum Reason {
        /** The socket file does not exist, or the host has no such name. */
        NOT_FOUND,
        /**
         * We may not connect: the kernel wants write permission on the socket and search permission on its folders; a peer
         * behind TLS or ssh wants a certificate or a key that it knows.
         */
        PERMISSION_DENIED,
        /** The socket is there but no process listens on it: a QEMU that was killed leaves its socket file behind. */
        NOBODY_LISTENING,
        /**
         * The address cannot be used at all: a path over the kernel's limit, a transport that cannot do this, a certificate
         * or key that cannot be read.
         */
        BAD_ADDRESS,
        /** The connection stands but no greeting comes: a QMP monitor serves one client at a time. */
        BUSY,
        /** The connection stands but the process behind it is stopped, by a signal or a debugger: nothing goes on until it is continued. */
        STOPPED,
        /** The connection stands but no guest agent answers on it: none runs in the guest, or another client has it. */
        AGENT_SILENT,
        /** Something answered that is not a QMP server, or that ended the connection instead of greeting. */
        NOT_QMP,
        /** The other end is not proven to be who it should be: its certificate or its ssh host key is not the right one. */
        UNTRUSTED,
        /** Connecting took longer than the connect timeout. */
        TIMED_OUT,
        /** QEMU refused the capabilities negotiation. */
        NEGOTIATION_REFUSED,
        /** The runtime that the client was to use is closed. */
        CLOSED,
        /** Any other failure of the network or the operating system; the cause has it. */
        IO
    }

    private final String address;
    private final Reason reason;

    public ConnectFailedException(
            String address, Reason reason, String message, @Nullable String hint, @Nullable Throwable cause) {
        super(message, hint, cause);
        this.address = address;
        this.reason = reason;
    }

    /** The address as the user would write it. */
    public String address() {
        return address;
    }

    public Reason reason() {
        return reason;
    }
}
