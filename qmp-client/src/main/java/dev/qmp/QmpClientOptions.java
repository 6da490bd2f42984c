package dev.qmp;

import dev.qmp.session.Overflow;
import dev.qmp.session.TrafficListener;
import dev.qmp.transport.SshOptions;
import dev.qmp.transport.TlsOptions;
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
                .tls(values.tls)
                .ssh(values.ssh)
                .build();
    }

    public TlsOptions tls() {
        return values.tls;
    }

    public SshOptions ssh() {
        return values.ssh;
    }

    public Duration greetingTimeout() {
        return values.greetingTimeout;
    }

    /** The length of a command's deadline that is of no special class. */
    public Duration commandDeadline() {
        return values.deadlines.ordinary();
    }

    /** How long a deadline is with these options; zero means none. */
    public Duration deadline(Deadline deadline) {
        return values.deadlines.length(deadline);
    }

    /** How long this command may take where its caller names no deadline; zero means without end. */
    public Duration deadlineOf(String command) {
        return values.deadlines.of(command);
    }

    public Duration closeGrace() {
        return values.closeGrace;
    }

    public int inFlight() {
        return values.inFlight == 0 ? 1 : values.inFlight;
    }

    public boolean outOfBand() {
        return values.outOfBand;
    }

    /** How many in-band commands may be unanswered at a time where out-of-band was negotiated. */
    public int outOfBandInFlight() {
        return values.inFlight == 0 ? Builder.QEMU_READS : Math.min(values.inFlight, Builder.QEMU_READS);
    }

    public int eventQueue() {
        return values.eventQueue;
    }

    public Overflow overflow() {
        return values.overflow;
    }

    public int replay() {
        return values.replay;
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
        /**
         * So many in-band commands QEMU takes and reads on; with the eighth in its queue it stops. One that is being run has
         * left the queue, so that eight may do, but not while QEMU is stuck in another monitor's command: then eight shut
         * out-of-band commands out (seen on 7.2, 10.0 and 11.1).
         */
        private static final int QEMU_READS = 7;

        private static final int MOST_REPLAYED = 10_000;

        private TransportKind transport = TransportKind.AUTO;
        private Duration connectTimeout = Duration.ofSeconds(5);
        private TlsOptions tls = TlsOptions.DEFAULT;
        private SshOptions ssh = SshOptions.DEFAULT;
        private Duration greetingTimeout = Duration.ofSeconds(5);
        private Deadlines deadlines = Deadlines.STANDARD;
        private Duration closeGrace = Duration.ofSeconds(2);
        private int inFlight;
        private boolean outOfBand;
        private int eventQueue = 10_000;
        private Overflow overflow = Overflow.DROP_OLDEST;
        private int replay;
        private WireLimits limits = WireLimits.DEFAULT;
        private QmpRuntime runtime = QmpRuntime.shared();
        private @Nullable Executor callbackExecutor;
        private @Nullable TrafficListener trafficListener;
        private @Nullable Consumer<Event> eventListener;
        private @Nullable Path schemaCache;

        private Builder() {}

        Builder withoutEventListener() {
            this.eventListener = null;
            return this;
        }

        private Builder copy() {
            Builder copy = new Builder();
            copy.transport = transport;
            copy.connectTimeout = connectTimeout;
            copy.tls = tls;
            copy.ssh = ssh;
            copy.greetingTimeout = greetingTimeout;
            copy.deadlines = deadlines;
            copy.closeGrace = closeGrace;
            copy.inFlight = inFlight;
            copy.outOfBand = outOfBand;
            copy.eventQueue = eventQueue;
            copy.overflow = overflow;
            copy.replay = replay;
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

        /** How both ends of a {@code tls:} address prove who they are. Default: {@link TlsOptions#DEFAULT}. */
        public Builder tls(TlsOptions options) {
            this.tls = Objects.requireNonNull(options);
            return this;
        }

        /** How ssh is run for an {@code ssh:} address. Default: {@link SshOptions#DEFAULT}. */
        public Builder ssh(SshOptions options) {
            this.ssh = Objects.requireNonNull(options);
            return this;
        }

        /** How long the greeting, and then the negotiation's reply, may each take. Default: 5 s. */
        public Builder greetingTimeout(Duration timeout) {
            this.greetingTimeout = positive(timeout);
            return this;
        }

        /**
         * One deadline for each command whose caller names none, whatever its class; zero means none. Default: each command
         * has its class's.
         */
        public Builder commandDeadline(Duration deadline) {
            this.deadlines = deadlines.withOneForAll(deadline);
            return this;
        }

        /**
         * How long the deadline of a class is; zero means none. Defaults: {@link Deadline#DEFAULT} 30 s,
         * {@link Deadline#BLOCK} 2 min, {@link Deadline#LONG} 10 min.
         *
         * @throws IllegalArgumentException for {@link Deadline#UNBOUNDED} and for a deadline of a length of its own
         */
        public Builder deadline(Deadline kind, Duration length) {
            this.deadlines = deadlines.with(kind, length);
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
         * Where {@link #outOfBand} was negotiated it counts in-band commands, is 7 by default, and 7 at most whatever is set:
         * with 8 in its queue QEMU stops reading, and nothing can overtake.
         */
        public Builder inFlight(int commands) {
            if (commands < 1) {
                throw new IllegalArgumentException("at least one command is in flight: " + commands);
            }
            this.inFlight = commands;
            return this;
        }

        /**
         * Asks for out-of-band execution where QEMU offers it ("QEMU Machine Protocol Specification", "Out-of-band
         * execution"), so that {@link QmpClient#executeOutOfBand} can overtake a command that is stuck. QEMU then reads ahead
         * and answers in any order. Commands that were given up keep their place in the window, because QEMU has them still.
         * Default: no.
         */
        public Builder outOfBand(boolean wanted) {
            this.outOfBand = wanted;
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

        /**
         * How many of the last events are kept in memory for subscribers who come later and ask for them by
         * {@link dev.qmp.session.SubscriptionOptions#replay}: 0 to 10,000. Default: 0.
         */
        public Builder replay(int events) {
            if (events < 0 || events > MOST_REPLAYED) {
                throw new IllegalArgumentException("0 to " + MOST_REPLAYED + " events are kept, not " + events);
            }
            this.replay = events;
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

        /**
         * Sees every document sent and received, in order, on the callback executor; passwords included, unless it is
         * {@link Secrets#masked}. Default: none.
         */
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
