package dev.qmp.transport;

import java.time.Duration;
import java.util.Objects;

/** How a link is opened. Immutable; {@link #DEFAULT} says what each setting is unless it is set. */
public final class TransportOptions {

    /** All defaults: see the builder's methods. */
    public static final TransportOptions DEFAULT = builder().build();

    private final Builder values;

    private TransportOptions(Builder builder) {
        this.values = builder.copy();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts from these options. */
    public Builder toBuilder() {
        return values.copy();
    }

    public TransportKind kind() {
        return values.kind;
    }

    public Duration connectTimeout() {
        return values.connectTimeout;
    }

    public LinkLoops loops() {
        return values.loops;
    }

    public TlsOptions tls() {
        return values.tls;
    }

    public SshOptions ssh() {
        return values.ssh;
    }

    /** Collects options. Not thread-safe. */
    public static final class Builder {
        private TransportKind kind = TransportKind.AUTO;
        private Duration connectTimeout = Duration.ofSeconds(5);
        private TlsOptions tls = TlsOptions.DEFAULT;
        private SshOptions ssh = SshOptions.DEFAULT;

        private LinkLoops loops = LinkLoops.shared();

        private Builder() {}

        private Builder copy() {
            Builder copy = new Builder();
            copy.kind = kind;
            copy.connectTimeout = connectTimeout;
            copy.loops = loops;
            copy.tls = tls;
            copy.ssh = ssh;
            return copy;
        }

        /** Default: {@link TransportKind#AUTO}. */
        public Builder kind(TransportKind kind) {
            this.kind = Objects.requireNonNull(kind);
            return this;
        }

        /** How long all of it may take, the look-up of a host's name a TLS handshake and ssh's part included. Default: 5 s. */
        public Builder connectTimeout(Duration timeout) {
            if (timeout.isNegative() || timeout.isZero()) {
                throw new IllegalArgumentException("a connect timeout must be positive: " + timeout);
            }
            this.connectTimeout = timeout;
            return this;
        }

        /** The threads that the link is one of. Default: {@link LinkLoops#shared()}. */
        public Builder loops(LinkLoops loops) {
            this.loops = Objects.requireNonNull(loops);
            return this;
        }

        /** How a {@link QmpAddress.Tls} proves who it is, and we to it. Default: {@link TlsOptions#DEFAULT}. */
        public Builder tls(TlsOptions options) {
            this.tls = Objects.requireNonNull(options);
            return this;
        }

        /** How ssh is run for a {@link QmpAddress.Ssh}. Default: {@link SshOptions#DEFAULT}. */
        public Builder ssh(SshOptions options) {
            this.ssh = Objects.requireNonNull(options);
            return this;
        }

        public TransportOptions build() {
            return new TransportOptions(this);
        }
    }
}
