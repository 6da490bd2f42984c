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

    /** Collects options. Not thread-safe. */
    public static final class Builder {
        private TransportKind kind = TransportKind.AUTO;
        private Duration connectTimeout = Duration.ofSeconds(5);

        private LinkLoops loops = LinkLoops.shared();

        private Builder() {}

        private Builder copy() {
            Builder copy = new Builder();
            copy.kind = kind;
            copy.connectTimeout = connectTimeout;
            copy.loops = loops;
            return copy;
        }

        /** Default: {@link TransportKind#AUTO}. */
        public Builder kind(TransportKind kind) {
            this.kind = Objects.requireNonNull(kind);
            return this;
        }

        /** How long all of it may take, the look-up of a host's name included. Default: 5 s. */
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

        public TransportOptions build() {
            return new TransportOptions(this);
        }
    }
}
