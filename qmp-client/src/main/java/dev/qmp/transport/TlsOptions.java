package dev.qmp.transport;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the two ends of a TLS link prove who they are. Immutable; files are read at each connection, so that renewed ones
 * count from the next one on.
 *
 * <p>The peer's certificate has to lead to a trusted CA and to name the host that was asked for, or to be the one whose
 * fingerprint is given. TLS 1.2 and 1.3 are spoken.
 */
public final class TlsOptions {

    /** Trusts the CAs that the JDK trusts, verifies the host's name, and has no certificate of its own. */
    public static final TlsOptions DEFAULT = builder().build();

    private static final int SHA256_BYTES = 32;

    private final Builder values;

    private TlsOptions(Builder builder) {
        this.values = builder.copy();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Takes all from a folder: see {@link Builder#folder}. */
    public static TlsOptions ofFolder(Path folder) {
        return builder().folder(folder).build();
    }

    /** A builder that starts from these options. */
    public Builder toBuilder() {
        return values.copy();
    }

    public Optional<Path> folder() {
        return Optional.ofNullable(values.folder);
    }

    public Optional<Path> caFile() {
        return Optional.ofNullable(values.caFile);
    }

    public Optional<Path> certificateFile() {
        return Optional.ofNullable(values.certificateFile);
    }

    public Optional<Path> keyFile() {
        return Optional.ofNullable(values.keyFile);
    }

    public Optional<String> hostName() {
        return Optional.ofNullable(values.hostName);
    }

    public boolean verifyHostName() {
        return values.verifyHostName;
    }

    /** 64 hexadecimal digits in lower case. */
    public Optional<String> fingerprint() {
        return Optional.ofNullable(values.fingerprint);
    }

    /** Collects options. Not thread-safe. */
    public static final class Builder {
        private @Nullable Path folder;
        private @Nullable Path caFile;
        private @Nullable Path certificateFile;
        private @Nullable Path keyFile;
        private @Nullable String hostName;
        private boolean verifyHostName = true;
        private @Nullable String fingerprint;

        private Builder() {}

        private Builder copy() {
            Builder copy = new Builder();
            copy.folder = folder;
            copy.caFile = caFile;
            copy.certificateFile = certificateFile;
            copy.keyFile = keyFile;
            copy.hostName = hostName;
            copy.verifyHostName = verifyHostName;
            copy.fingerprint = fingerprint;
            return copy;
        }

        /**
         * A folder laid out as the {@code dir=} of QEMU's {@code tls-creds-x509} for a client: {@code ca-cert.pem}, where
         * there is one {@code ca-crl.pem}, and where there are both {@code client-cert.pem} and {@code client-key.pem}. Files
         * that are named by themselves go before those in the folder. Default: none.
         */
        public Builder folder(Path tlsFolder) {
            this.folder = tlsFolder;
            return this;
        }

        /** The CA certificates that are trusted, PEM. Default: the folder's, else the JDK's. */
        public Builder caFile(Path pem) {
            this.caFile = pem;
            return this;
        }

        /**
         * What we show to a peer that asks who we are: our certificate, followed by those between it and the CA, and its key,
         * both PEM, perhaps in one file. The key is RSA or EC, not encrypted, as PKCS#8, PKCS#1 or SEC1, which is all that
         * certtool and openssl write. Default: the folder's, else none.
         */
        public Builder clientCertificate(Path certificate, Path key) {
            this.certificateFile = certificate;
            this.keyFile = key;
            return this;
        }

        /** The name or IP address that the peer's certificate has to bear. Default: the address's host. */
        public Builder hostName(String name) {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("a host name is not empty");
            }
            this.hostName = name;
            return this;
        }

        /** Whether the certificate must bear the host's name at all; any certificate of the CA will do if not. Default: yes. */
        public Builder verifyHostName(boolean verify) {
            this.verifyHostName = verify;
            return this;
        }

        /**
         * Trusts the one certificate with this SHA-256 fingerprint and no other; its CA, its names and its dates then count
         * for nothing. Upper or lower case, with colons or without, as {@code openssl x509 -fingerprint -sha256} and
         * {@code certtool --fingerprint} print it. Default: none.
         *
         * @throws IllegalArgumentException where this is no such fingerprint
         */
        public Builder fingerprint(String sha256) {
            String digits =
                    sha256.substring(sha256.lastIndexOf('=') + 1).strip().toLowerCase(Locale.ROOT);
            digits = (digits.startsWith("sha256:") ? digits.substring(7) : digits).replace(":", "");
            boolean hexadecimal = digits.chars().allMatch(HexFormat::isHexDigit);
            if (!hexadecimal || digits.length() != 2 * SHA256_BYTES) {
                throw new IllegalArgumentException("not a SHA-256 fingerprint: '" + sha256
                        + "'; it has 64 hexadecimal digits, with colons or without");
            }
            this.fingerprint = digits;
            return this;
        }

        public TlsOptions build() {
            return new TlsOptions(this);
        }
    }
}
