package dev.qmp;

import java.time.Duration;

/** When a {@link ReconnectingClient} tries again. Immutable; {@link #DEFAULT} says what each setting is unless it is set. */
public final class ReconnectPolicy {

    /** All defaults: see the builder's methods. */
    public static final ReconnectPolicy DEFAULT = builder().build();

    private final Builder values;

    private ReconnectPolicy(Builder builder) {
        this.values = builder.copy();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts from this policy. */
    public Builder toBuilder() {
        return values.copy();
    }

    public Duration initialDelay() {
        return values.initialDelay;
    }

    public Duration maximumDelay() {
        return values.maximumDelay;
    }

    public double multiplier() {
        return values.multiplier;
    }

    public double jitter() {
        return values.jitter;
    }

    public Duration giveUpAfter() {
        return values.giveUpAfter;
    }

    public Duration commandWait() {
        return values.commandWait;
    }

    public boolean afterShutdown() {
        return values.afterShutdown;
    }

    /**
     * The delay before an attempt, counted from 1.
     *
     * @param random from 0 up to 1: how much of the jitter is used
     */
    Duration delay(int attempt, double random) {
        double longest = values.maximumDelay.toNanos();
        double grown = values.initialDelay.toNanos() * Math.pow(values.multiplier, attempt - 1.0);
        return Duration.ofNanos((long) (Math.min(grown, longest) * (1 - values.jitter * random)));
    }

    /** Collects what a policy says. Not thread-safe. */
    public static final class Builder {
        private Duration initialDelay = Duration.ofMillis(100);
        private Duration maximumDelay = Duration.ofSeconds(10);
        private double multiplier = 2;
        private double jitter = 0.5;
        private Duration giveUpAfter = Duration.ofMinutes(5);
        private Duration commandWait = Duration.ZERO;
        private boolean afterShutdown;

        private Builder() {}

        private Builder copy() {
            Builder copy = new Builder();
            copy.initialDelay = initialDelay;
            copy.maximumDelay = maximumDelay;
            copy.multiplier = multiplier;
            copy.jitter = jitter;
            copy.giveUpAfter = giveUpAfter;
            copy.commandWait = commandWait;
            copy.afterShutdown = afterShutdown;
            return copy;
        }

        /** Before the first attempt. Default: 100 ms. */
        public Builder initialDelay(Duration delay) {
            this.initialDelay = positive(delay);
            return this;
        }

        /**
         * Between attempts at most. A connection that has stood for so long counts as a good one, after which delays begin
         * anew. Default: 10 s.
         */
        public Builder maximumDelay(Duration delay) {
            this.maximumDelay = positive(delay);
            return this;
        }

        /** How much longer each delay is than the one before. Default: 2. */
        public Builder multiplier(double factor) {
            if (!(factor >= 1 && factor <= 100)) {
                throw new IllegalArgumentException("a multiplier is from 1 to 100: " + factor);
            }
            this.multiplier = factor;
            return this;
        }

        /**
         * Which part of each delay is left to chance, from 0 to 1, so that a thousand clients of one host do not all come at
         * once. Default: 0.5, which makes a delay of 10 s one of 5 to 10 s.
         */
        public Builder jitter(double part) {
            if (!(part >= 0 && part <= 1)) {
                throw new IllegalArgumentException("a jitter is from 0 to 1: " + part);
            }
            this.jitter = part;
            return this;
        }

        /** How long after a loss the client ends; zero means never. Default: 5 min. */
        public Builder giveUpAfter(Duration time) {
            this.giveUpAfter = notNegative(time);
            return this;
        }

        /**
         * How long a command that is given while there is no connection waits for one; so does one that had not been sent when
         * the connection broke. Its own deadline goes on meanwhile. Default: zero, at which it fails at once as not sent.
         */
        public Builder commandWait(Duration time) {
            this.commandWait = notNegative(time);
            return this;
        }

        /**
         * Whether to connect again after this client's {@code quit}, or after an end that QEMU announced by {@code SHUTDOWN}:
         * where somebody starts machines again. What answers may be another process of another version then, but its uuid
         * must be the same. Default: false, which ends the client.
         */
        public Builder afterShutdown(boolean again) {
            this.afterShutdown = again;
            return this;
        }

        public ReconnectPolicy build() {
            if (maximumDelay.compareTo(initialDelay) < 0) {
                throw new IllegalArgumentException(
                        "the longest delay, " + maximumDelay + ", is shorter than the first, " + initialDelay);
            }
            return new ReconnectPolicy(this);
        }

        private static Duration positive(Duration duration) {
            if (duration.isZero() || duration.isNegative()) {
                throw new IllegalArgumentException("a delay is above zero: " + duration);
            }
            return duration;
        }

        private static Duration notNegative(Duration duration) {
            if (duration.isNegative()) {
                throw new IllegalArgumentException("a time is not negative: " + duration);
            }
            return duration;
        }
    }
}
