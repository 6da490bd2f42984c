package dev.qmp.transport;

import static dev.qmp.transport.ConnectFailures.failure;

import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import io.netty.handler.ssl.NotSslRecordException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Why there is no TLS link to a port that can be connected. */
final class TlsFailures {

    private static final Pattern ALERT = Pattern.compile("fatal alert: (\\w+)");

    private TlsFailures() {}

    static ConnectFailedException duringHandshake(
            QmpAddress.Tls address, TlsIdentity identity, @Nullable Throwable cause) {
        for (Throwable at = cause; at != null; at = at.getCause()) {
            if (at instanceof TlsTrust.Untrusted untrusted) {
                return failure(
                        address,
                        Reason.UNTRUSTED,
                        address + " is not trusted: " + untrusted.getMessage(),
                        untrusted.hint(),
                        cause);
            }
        }
        if (cause instanceof NotSslRecordException) {
            return failure(
                    address,
                    Reason.NOT_QMP,
                    address + " does not speak TLS: its first bytes are none of it",
                    "A QEMU monitor without tls-creds is tcp:" + HostAndPort.text(address.host(), address.port()),
                    cause);
        }
        Optional<String> alert = alert(cause);
        if (identity.asked()) {
            return refusedUs(address, identity, alert, cause);
        }
        if (alert.isPresent()) {
            return alerted(address, alert.get(), cause);
        }
        return failure(
                address,
                Reason.NOT_QMP,
                address + " ended the connection during the TLS handshake" + said(cause),
                "Does that port speak TLS? A QEMU monitor without tls-creds is tcp:"
                        + HostAndPort.text(address.host(), address.port()),
                cause);
    }

    /** The link ended, with or without a cause, after our handshake and before anything was heard. */
    static Throwable beforeFirstByte(QmpAddress.Tls address, TlsIdentity identity, @Nullable Throwable cause) {
        Optional<String> alert = alert(cause);
        if (identity.asked()) {
            return refusedUs(address, identity, alert, cause);
        }
        if (alert.isPresent() || cause == null) {
            return alerted(address, alert.orElse("none"), cause);
        }
        return cause;
    }

    static ConnectFailedException silent(QmpAddress.Tls address, Duration timeout) {
        return failure(
                address,
                Reason.BUSY,
                address + " took the connection but did not answer the TLS handshake within "
                        + ConnectFailures.inWords(timeout),
                "A QMP monitor serves one client at a time: end the other client; or that port does not speak TLS, or"
                        + " its QEMU is stopped",
                null);
    }

    private static ConnectFailedException refusedUs(
            QmpAddress.Tls address, TlsIdentity identity, Optional<String> alert, @Nullable Throwable cause) {
        String how = alert.map(word -> " (TLS alert " + word + ")").orElse("");
        if (identity.subject().isEmpty()) {
            return failure(
                    address,
                    Reason.PERMISSION_DENIED,
                    address + " asked for a client certificate, got none, and ended the connection" + how,
                    "Give a client certificate and its key, signed by the CA that the server's ca-cert.pem names",
                    cause);
        }
        return failure(
                address,
                Reason.PERMISSION_DENIED,
                address + " ended the connection after it had asked for our certificate and got "
                        + identity.subject().get() + how,
                "Is it signed by the CA of the server's ca-cert.pem, still valid, and allowed by the server's"
                        + " tls-authz?",
                cause);
    }

    private static ConnectFailedException alerted(QmpAddress.Tls address, String alert, @Nullable Throwable cause) {
        return failure(
                address,
                Reason.IO,
                address + " refused the TLS handshake (alert " + alert + ")",
                "The server's log may say why; TLS 1.2 and 1.3 are spoken here",
                cause);
    }

    private static Optional<String> alert(@Nullable Throwable cause) {
        String message = cause == null ? null : cause.getMessage();
        Matcher matcher = ALERT.matcher(message == null ? "" : message);
        return matcher.find() ? Optional.of(matcher.group(1).toLowerCase(Locale.ROOT)) : Optional.empty();
    }

    private static String said(@Nullable Throwable cause) {
        return cause == null || cause.getMessage() == null || cause instanceof java.nio.channels.ClosedChannelException
                ? ""
                : " (" + ConnectErrno.textOf(cause) + ")";
    }
}
