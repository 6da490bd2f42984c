package dev.qmp;

import dev.qmp.session.Overflow;
import dev.qmp.session.TrafficListener;
import dev.qmp.transport.TransportKind;
import dev.qmp.transport.TransportOptions;
import dev.qmp.wire.Message.Event;
import dev.qmp.wire.WireLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How a client connects and behaves. Immutable; {@link #DEFAULT} says what each setting is unless it is set. */
public final class QmpClientOptions {

    /** All defaults: see the builder's methods. */
    public static final QmpClientOptions DEFAULT = builder().build();

    private final Builder values;

    private QmpClientOptions(Builder builder) {
        this.values = builder.copy();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts from these options. */
    public Builder toBuilder() {
        return values.copy();
    }

    public TransportKind transport() {
        return values.transport;
    }

    public Duration connectTimeout() {
        return values.connectTimeout;
    }

    /** The part of these that opening a link needs. */
    public TransportOptions transportOptions() {
        return TransportOptions.builder()
                .kind(values.transport)
                .connectTimeout(values.connectTimeout)
                .loops(values.runtime.loops())
                .build();
    }

    public Duration greetingTimeout() {
        return values.greetingTimeout;
    }

    public Duration commandDeadline() {
        return values.commandDeadline;
    }

    public Duration closeGrace() {
        return values.closeGrace;
    }

    public int inFlight() {
        return values.inFlight;
    }

    public int eventQueue() {
        return values.eventQueue;
    }

    public Overflow overflow() {
        return values.overflow;
    }

    public WireLimits limits() {
        return values.limits;
    }

    public QmpRuntime runtime() {
        return values.runtime;
    }

    public Executor callbackExecutor() {
        Executor own = values.callbackExecutor;
        return own == null ? values.runtime.callbackExecutor() : own;
    }

    public @Nullable TrafficListener trafficListener() {
        return values.trafficListener;
    }

    public @Nullable Consumer<Event> eventListener() {
        return values.eventListener;
    }

    public @Nullable Path schemaCache() {
        return values.schemaCache;
    }

    /** Collects options. Not thread-safe. */
    public static final class Builder {
        private TransportKind transport = TransportKind.AUTO;
        private Duration connectTimeout = Duration.ofSeconds(5);
        private Duration greetingTimeout = Duration.ofSeconds(5);
        private Duration commandDeadline = Duration.ofSeconds(30);
        private Duration closeGrace = Duration.ofSeconds(2);
        private int inFlight = 1;
        private int eventQueue = 10_000;
        private Overflow overflow = Overflow.DROP_OLDEST;
        private WireLimits limits = WireLimits.DEFAULT;
        private QmpRuntime runtime = QmpRuntime.shared();
        private @Nullable Executor callbackExecutor;
        private @Nullable TrafficListener trafficListener;
        private @Nullable Consumer<Event> eventListener;
        private @Nullable Path schemaCache;

        private Builder() {}

        private Builder copy() {
            Builder copy = new Builder();
            copy.transport = transport;
            copy.connectTimeout = connectTimeout;
            copy.greetingTimeout = greetingTimeout;
            copy.commandDeadline = commandDeadline;
            copy.closeGrace = closeGrace;
            copy.inFlight = inFlight;
            copy.eventQueue = eventQueue;
            copy.overflow = overflow;
            copy.limits = limits;
            copy.runtime = runtime;
            copy.callbackExecutor = callbackExecutor;
            copy.trafficListener = trafficListener;
            copy.eventListener = eventListener;
            copy.schemaCache = schemaCache;
            return copy;
        }

        /** Default: {@link TransportKind#AUTO}. */
        public Builder transport(TransportKind kind) {
            this.transport = Objects.requireNonNull(kind);
            return this;
        }

        /** How long the connection itself may take. Default: 5 s. */
        public Builder connectTimeout(Duration timeout) {
            this.connectTimeout = positive(timeout);
            return this;
        }

        /** How long the greeting, and then the negotiation's reply, may each take. Default: 5 s. */
        public Builder greetingTimeout(Duration timeout) {
            this.greetingTimeout = positive(timeout);
            return this;
        }

        /** The deadline of a command that names none; zero means none. Default: 30 s. */
        public Builder commandDeadline(Duration deadline) {
            if (deadline.isNegative()) {
                throw new IllegalArgumentException("a deadline is not negative: " + deadline);
            }
            this.commandDeadline = deadline;
            return this;
        }

        /** How long a close waits for commands in flight. Default: 2 s. */
        public Builder closeGrace(Duration grace) {
            this.closeGrace = positive(grace);
            return this;
        }

        /**
         * How many commands may be sent and unanswered at a time. Default: 1, because without out-of-band QEMU takes one at a
         * time and pipelining gains nothing, while a command that was not sent has a known outcome when the link breaks.
         */
        public Builder inFlight(int commands) {
            if (commands < 1) {
                throw new IllegalArgumentException("at least one command is in flight: " + commands);
            }
            this.inFlight = commands;
            return this;
        }

        /** How many events wait for each subscriber at most. Default: 10,000. */
        public Builder eventQueue(int events) {
            if (events < 1) {
                throw new IllegalArgumentException("a queue holds at least one event: " + events);
            }
            this.eventQueue = events;
            return this;
        }

        /** What happens to events beyond the queue. Default: {@link Overflow#DROP_OLDEST}. */
        public Builder overflow(Overflow policy) {
            this.overflow = Objects.requireNonNull(policy);
            return this;
        }

        /** What the peer may send at most. Default: {@link WireLimits#DEFAULT}. */
        public Builder limits(WireLimits limits) {
            this.limits = Objects.requireNonNull(limits);
            return this;
        }

        /** Whose threads the client uses, and with whose close it ends. Default: {@link QmpRuntime#shared()}. */
        public Builder runtime(QmpRuntime runtime) {
            this.runtime = Objects.requireNonNull(runtime);
            return this;
        }

        /**
         * Where futures complete and subscribers are called. Default: the callback threads of the {@link #runtime}. An
         * executor that runs tasks on the calling thread would run them on an I/O thread: do not give one.
         */
        public Builder callbackExecutor(Executor executor) {
            this.callbackExecutor = Objects.requireNonNull(executor);
            return this;
        }

        /** Sees every document sent and received, in order, on the callback executor. Default: none. */
        public Builder trafficListener(TrafficListener listener) {
            this.trafficListener = Objects.requireNonNull(listener);
            return this;
        }

        /**
         * Hears every event from the first byte of the connection on, also those before the greeting and during the
         * negotiation, which later subscribers miss. Default: none.
         */
        public Builder eventListener(Consumer<Event> listener) {
            this.eventListener = Objects.requireNonNull(listener);
            return this;
        }

        /**
         * A folder where {@link QmpClient#schema()} keeps what it was told, for other connections and other processes of this
         * user; it is made when needed, with mode 0700. Used only for a peer whose program the kernel tells, which it does for
         * processes of this user, and for all of them if this is root's; never over TCP. With QEMU 7.2 a schema from there
         * takes 1 to 3 ms instead of 30, and 25 ms instead of 65 in a program that has just started; QEMU, whose main loop
         * stands still while it writes its 207 kB, is not asked at all.
         *
         * <p>One peer can mislead about others of the same program and user: who fears a QEMU that lies keeps nothing.
         * Default: none.
         */
        public Builder schemaCache(Path folder) {
            this.schemaCache = Objects.requireNonNull(folder);
            return this;
        }

        public QmpClientOptions build() {
            return new QmpClientOptions(this);
        }

        private static Duration positive(Duration duration) {
            if (duration.isZero() || duration.isNegative()) {
                throw new IllegalArgumentException("a timeout is above zero: " + duration);
            }
            return duration;
        }
    }
}
