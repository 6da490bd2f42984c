package dev.qmp;

import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import dev.qmp.session.CallbackThreads;
import dev.qmp.session.PeerProfile;
import dev.qmp.session.Session;
import dev.qmp.session.SessionOptions;
import dev.qmp.session.TimerThread;
import dev.qmp.session.Timers;
import dev.qmp.transport.Link;
import dev.qmp.transport.LinkListener;
import dev.qmp.transport.LinkLoops;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The threads that clients share: event loops, callback threads and a timer. How many there are does not depend on how many
 * clients there are, as long as callbacks do not block. All are daemon threads, start when they are needed and end when they
 * have been idle for some seconds. Thread-safe.
 *
 * <p>Clients use {@link #shared()} unless {@link QmpClientOptions#runtime()} says otherwise.
 *
 * <p>A callback that blocks keeps one of the callback threads. Where all of them are kept, and nothing has moved for a tenth
 * of a second, more are added, up to {@value dev.qmp.session.CallbackThreads#MOST}, so that the callbacks of other clients come
 * late but come. Who blocks on purpose gives an executor of their own: {@link QmpClientOptions#callbackExecutor()}.
 */
public final class QmpRuntime implements AutoCloseable {

    private static final QmpRuntime SHARED =
            new QmpRuntime(LinkLoops.shared(), CallbackThreads.shared(), TimerThread.shared());
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Duration CALLBACK_PATIENCE = Duration.ofSeconds(5);

    /** What ends with the runtime. */
    interface Member {
        /** Ends it in order; completes when nothing of it is left, and never exceptionally. */
        CompletableFuture<Void> closeAsync();
    }

    private final LinkLoops loops;
    private final CallbackThreads callbacks;
    private final TimerThread timer;
    private final Set<Member> members = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private QmpRuntime(LinkLoops loops, CallbackThreads callbacks, TimerThread timer) {
        this.loops = loops;
        this.callbacks = callbacks;
        this.timer = timer;
    }

    /** The one that everybody in this process shares: one event loop for each kind of transport. It cannot be closed. */
    public static QmpRuntime shared() {
        return SHARED;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The loops that links of this runtime's clients are opened on. */
    public LinkLoops loops() {
        return loops;
    }

    /** Where this runtime's clients run callbacks. */
    public Executor callbackExecutor() {
        return callbacks;
    }

    /** Whether {@link #close} was called. */
    public boolean isClosed() {
        return closed;
    }

    Timers timers() {
        return timer;
    }

    /** Takes a member in; false, and then it is not one, where the runtime is closed. */
    boolean join(Member member) {
        members.add(member);
        if (closed) {
            members.remove(member);
            return false;
        }
        return true;
    }

    void leave(Member member) {
        members.remove(member);
    }

    /**
     * Opens a session as {@link Session#open(PeerProfile, String, Function, SessionOptions)} does, and closes it when the
     * runtime is closed: what clients of every kind are made of. Cancelling the future gives the attempt up at once. On a
     * closed runtime it fails with a {@link ConnectFailedException} of the reason {@code CLOSED}.
     */
    public CompletableFuture<Session> open(
            PeerProfile profile,
            String address,
            Function<LinkListener, CompletableFuture<Link>> connector,
            SessionOptions options) {
        OpenSession member = new OpenSession(() -> closedFailure(address));
        if (!join(member)) {
            return CompletableFuture.failedFuture(closedFailure(address));
        }
        member.ended.whenComplete((end, failure) -> leave(member));
        return member.open(profile, address, connector, options);
    }

    private static ConnectFailedException closedFailure(String address) {
        return new ConnectFailedException(
                address,
                Reason.CLOSED,
                "Cannot connect to " + address + ": the runtime that the client was to use is closed",
                null,
                null);
    }

    /**
     * Closes all clients of this runtime, each as its own close does and all at the same time, gives up what is connecting,
     * and ends the threads. Waits for all of that, and for callbacks that have not returned: after 5 s they are interrupted.
     * Called in a callback it does not wait for that callback's own thread, but for everything else.
     *
     * @throws IllegalStateException for the shared runtime: it is everybody's
     */
    @Override
    public void close() {
        if (this == SHARED) {
            throw new IllegalStateException("the shared runtime belongs to everybody in this process");
        }
        closed = true;
        List<CompletableFuture<Void>> ends =
                List.copyOf(members).stream().map(Member::closeAsync).toList();
        ends.forEach(CompletableFuture::join);
        loops.close();
        callbacks.close(CALLBACK_PATIENCE);
        timer.close();
    }

    /** Collects what a runtime shall be. Not thread-safe. */
    public static final class Builder {
        private int loops = 1;
        private int callbackThreads = CallbackThreads.defaultThreads();
        private Supplier<String> name = () -> "qmp-" + COUNT.incrementAndGet();

        private Builder() {}

        /** Event loops of each kind of transport that is used; links are spread over them. Default: 1. */
        public Builder loops(int n) {
            if (n < 1) {
                throw new IllegalArgumentException("links need at least one loop: " + n);
            }
            this.loops = n;
            return this;
        }

        /** Threads for callbacks that do not block. Default: twice the processors, and four at least. */
        public Builder callbackThreads(int n) {
            if (n < 1 || n > CallbackThreads.MOST) {
                throw new IllegalArgumentException(
                        "callbacks need from 1 to " + CallbackThreads.MOST + " threads: " + n);
            }
            this.callbackThreads = n;
            return this;
        }

        /** What the threads' names begin with. Default: {@code qmp-} and a number. */
        public Builder name(String name) {
            Objects.requireNonNull(name);
            this.name = () -> name;
            return this;
        }

        /** A runtime without a thread, so far. */
        public QmpRuntime build() {
            String prefix = name.get();
            TimerThread timer = new TimerThread(prefix + "-timer");
            return new QmpRuntime(
                    LinkLoops.of(prefix, loops),
                    new CallbackThreads(prefix + "-callback", callbackThreads, timer),
                    timer);
        }
    }
}
