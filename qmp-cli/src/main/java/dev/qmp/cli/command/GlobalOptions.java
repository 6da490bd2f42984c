package dev.qmp.cli.command;

import dev.qmp.QmpClientOptions;
import dev.qmp.transport.TlsOptions;
import dev.qmp.transport.TransportKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command takes, before or after its name. */
public final class GlobalOptions {

    /** When results are coloured. */
    public enum Color {
        AUTO,
        ALWAYS,
        NEVER
    }

    /** How results are written. */
    public enum Output {
        TABLE,
        JSON
    }

    @Option(
            names = {"-o", "--output"},
            scope = ScopeType.INHERIT,
            paramLabel = "table|json",
            defaultValue = "table",
            description = "how results are written (default: table)")
    Output output = Output.TABLE;

    @Option(
            names = "--connect-timeout",
            scope = ScopeType.INHERIT,
            paramLabel = "D",
            defaultValue = "5s",
            description = "for the connection, and for the greeting (default: 5s)")
    Duration connectTimeout = Duration.ofSeconds(5);

    @Option(
            names = "--timeout",
            scope = ScopeType.INHERIT,
            paramLabel = "D",
            defaultValue = "30s",
            description = "deadline of each QMP command; 0 = none (default: 30s)")
    Duration timeout = Duration.ofSeconds(30);

    @Option(
            names = {"-v", "--verbose-qmp"},
            scope = ScopeType.INHERIT,
            description = "every QMP line to stderr, secrets masked")
    boolean trace;

    @Option(
            names = "--record",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "the session as NDJSON with timestamps, secrets masked")
    @Nullable
    Path record;

    @Option(
            names = "--color",
            scope = ScopeType.INHERIT,
            paramLabel = "auto|always|never",
            defaultValue = "auto",
            description = "colour (default: auto; honours NO_COLOR)")
    Color color = Color.AUTO;

    @Option(
            names = "--transport",
            scope = ScopeType.INHERIT,
            paramLabel = "auto|epoll|kqueue|nio|jnr",
            defaultValue = "auto",
            description = "how sockets are opened (default: auto)")
    String transport = "auto";

    @Option(
            names = "--tls-dir",
            scope = ScopeType.INHERIT,
            paramLabel = "DIR",
            description = "for tls: targets: a folder as QEMU's tls-creds-x509 has it, with ca-cert.pem and, where QEMU"
                    + " verifies its clients, client-cert.pem and client-key.pem (default: none)")
    @Nullable
    Path tlsFolder;

    @Option(
            names = "--tls-ca",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "the CA to trust, PEM (default: that folder's, else the JDK's)")
    @Nullable
    Path tlsCa;

    @Option(
            names = "--tls-cert",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "our own certificate, PEM (default: that folder's)")
    @Nullable
    Path tlsCertificate;

    @Option(
            names = "--tls-key",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "its key, PEM and not encrypted (default: in the same file)")
    @Nullable
    Path tlsKey;

    @Option(
            names = "--tls-hostname",
            scope = ScopeType.INHERIT,
            paramLabel = "NAME",
            description = "the name in QEMU's certificate (default: the target's host)")
    @Nullable
    String tlsHostName;

    @Option(
            names = "--tls-fingerprint",
            scope = ScopeType.INHERIT,
            paramLabel = "SHA256",
            description = "trust the one certificate with this fingerprint, whatever its CA and names")
    @Nullable
    String tlsFingerprint;

    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            description = "no progress, no notes")
    boolean quiet;

    @Option(names = "--stacktrace", scope = ScopeType.INHERIT, description = "show where an error comes from")
    boolean stacktrace;

    boolean json() {
        return output == Output.JSON;
    }

    QmpClientOptions.Builder clientOptions() {
        return QmpClientOptions.builder()
                .transport(kind())
                .tls(tls())
                .connectTimeout(connectTimeout)
                .greetingTimeout(connectTimeout)
                .commandDeadline(timeout);
    }

    /** Whether anything was said of TLS, which none but a {@code tls:} target has. */
    boolean wantsTls() {
        return Stream.of(tlsFolder, tlsCa, tlsCertificate, tlsKey, tlsHostName, tlsFingerprint)
                .anyMatch(Objects::nonNull);
    }

    private TlsOptions tls() {
        TlsOptions.Builder tls = TlsOptions.builder();
        if (tlsFolder != null) {
            tls.folder(tlsFolder);
        }
        if (tlsCa != null) {
            tls.caFile(tlsCa);
        }
        if (tlsCertificate != null) {
            tls.clientCertificate(tlsCertificate, tlsKey == null ? tlsCertificate : tlsKey);
        } else if (tlsKey != null) {
            throw new UsageException("--tls-key is of no use without its certificate", "add --tls-cert FILE");
        }
        if (tlsHostName != null) {
            tls.hostName(tlsHostName);
        }
        if (tlsFingerprint != null) {
            tls.fingerprint(tlsFingerprint);
        }
        return tls.build();
    }

    private TransportKind kind() {
        return switch (transport.toLowerCase(Locale.ROOT)) {
            case "auto" -> TransportKind.AUTO;
            case "epoll" -> TransportKind.EPOLL;
            case "kqueue" -> TransportKind.KQUEUE;
            case "nio" -> TransportKind.NIO;
            case "jnr" -> TransportKind.JNR;
            default ->
                throw new UsageException(
                        "--transport: '" + transport + "' is no transport", "use auto, epoll, kqueue, nio or jnr");
        };
    }
}
