package dev.qmp;

import dev.qmp.error.ConnectionLostException;
import dev.qmp.error.DifferentPeerException;
import dev.qmp.error.QmpException;
import dev.qmp.session.CallbackThreads;
import dev.qmp.session.Mailbox;
import dev.qmp.session.SessionStatistics;
import dev.qmp.session.Timers;
import dev.qmp.transport.LinkLoop.Timer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One connection after the other to the same QEMU: attempt, proof of identity, connection, loss, delay, attempt. Confined to
 * its mailbox, but for the fields that are read elsewhere.
 */
final class Reconnector implements QmpRuntime.Member {

    private record Connection(QmpClient client, EventRelay.Gate gate) {}

    private final String address;
    private final QmpClientOptions options;
    private final ReconnectPolicy policy;
    private final Function<EventRelay.Gate, CompletableFuture<QmpClient>> connector;
    private final EventRelay relay;
    private final Timers timers;
    private final DoubleSupplier random;
    private final Mailbox mailbox = new Mailbox(this::defect);
    private final WaitingCommands commands;
    private final CompletableFuture<Void> connected = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    // Read on any thread.
    private volatile @Nullable QmpClient newest;
    private volatile @Nullable ConnectionState state;
    private volatile SessionStatistics earlier = SessionStatistics.NONE;

    private @Nullable Connection current;
    private @Nullable PeerIdentity identity;
    private @Nullable CompletableFuture<QmpClient> attempt;
    private @Nullable QmpClient candidate;
    private @Nullable Timer nextAttempt;
    private @Nullable Timer patience;
    private @Nullable Timer steady;
    private @Nullable QmpException why;
    private boolean restarted;
    private boolean over;
    private int connections;
    private int attempts;

    /** {@code connector} opens a client whose events go through the gate, and through nothing else. */
    Reconnector(
            String address,
            QmpClientOptions options,
            ReconnectPolicy policy,
            Function<EventRelay.Gate, CompletableFuture<QmpClient>> connector,
            EventRelay relay,
            Timers timers,
            DoubleSupplier random) {
        this.address = address;
        this.options = options;
        this.policy = policy;
        this.connector = connector;
        this.relay = relay;
        this.timers = timers;
        this.random = random;
        this.commands = new WaitingCommands(policy.commandWait(), timers, this::callback, mailbox);
    }

    /** Completes, on the callback executor, when the first connection stands, or fails as the attempt did. */
    CompletableFuture<Void> start() {
        mailbox.post(() -> {
            options.runtime().join(this); // on a closed one the attempt fails, and says why
            connect();
        });
        return connected;
    }

    /** The client of the newest connection, open or not; there is one once {@link #start} has completed. */
    QmpClient newest() {
        return there(newest);
    }

    ConnectionState state() {
        return there(state);
    }

    private static <T> T there(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("there is no connection yet");
        }
        return value;
    }

    SessionStatistics statistics() {
        return earlier.plus(newest().statistics());
    }

    /** Completes, on the callback executor, when all is over and the last connection is closed. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    /** Where commands go. */
    WaitingCommands commands() {
        return commands;
    }

    @Override
    public CompletableFuture<Void> closeAsync() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        ended.whenComplete((end, failure) -> closed.complete(null));
        mailbox.post(() -> end(null));
        return closed;
    }

    // ---- in the mailbox

    private void connect() {
        if (over) {
            return;
        }
        EventRelay.Gate gate = relay.new Gate();
        CompletableFuture<QmpClient> opening = connector.apply(gate);
        attempt = opening;
        opening.whenComplete((client, failure) -> mailbox.post(() -> {
            if (failure != null) {
                failed(opening, failure);
            } else {
                opened(opening, client, gate);
            }
        }));
    }

    private void opened(CompletableFuture<QmpClient> opening, QmpClient client, EventRelay.Gate gate) {
        if (over) {
            client.closeAsync();
            return;
        }
        candidate = client;
        PeerIdentity.of(client, options.greetingTimeout())
                .whenComplete((found, failure) -> mailbox.post(() -> {
                    if (!over && failure == null) {
                        identified(found, new Connection(client, gate));
                    } else if (!over) {
                        client.closeAsync();
                        failed(opening, ReconnectFailures.unproven(address, failure));
                    }
                }));
    }

    private void failed(CompletableFuture<QmpClient> opening, Throwable failure) {
        if (over || opening != attempt) {
            return;
        }
        attempt = null;
        candidate = null;
        QmpException cause = ReconnectFailures.typed(failure);
        if (connections == 0 || ReconnectFailures.hopeless(cause)) {
            end(cause);
        } else {
            retry(cause);
        }
    }

    private void identified(PeerIdentity found, Connection connection) {
        PeerIdentity known = identity;
        Optional<String> difference = known == null ? Optional.empty() : known.differenceOf(found, restarted);
        if (difference.isPresent()) {
            end(new DifferentPeerException(address, difference.get()));
            return;
        }
        identity = known == null ? found : known.and(found, restarted);
        restarted = false;
        attempt = null;
        candidate = null;
        cancelTimers();
        steady = later(() -> attempts = 0, policy.maximumDelay());
        QmpClient before = newest;
        if (before != null) {
            earlier = earlier.plus(before.statistics());
        }
        connections++;
        newest = connection.client();
        current = connection;
        ConnectionState now =
                new ConnectionState.Connected(connections, connection.client().greeting());
        state = now;
        connection.gate().open(now);
        connection.client().closed().whenComplete((end, failure) -> mailbox.post(() -> lost(connection, failure)));
        commands.connected(connection.client());
        callback(() -> connected.complete(null));
    }

    private void lost(Connection connection, @Nullable Throwable failure) {
        if (over) {
            return;
        }
        current = null;
        cancelTimers();
        QmpException cause = failure == null
                ? new ConnectionLostException("QEMU was told to quit", null)
                : ReconnectFailures.typed(failure);
        boolean announced = failure == null || connection.gate().shutdownAnnounced();
        restarted |= announced;
        why = cause;
        commands.disconnected(cause);
        if (announced && !policy.afterShutdown()) {
            end(failure == null ? null : cause);
            return;
        }
        change(new ConnectionState.Lost(connections, cause));
        if (!policy.giveUpAfter().isZero()) {
            patience = later(() -> end(why), policy.giveUpAfter());
        }
        retry(cause);
    }

    private void retry(QmpException cause) {
        why = cause;
        attempts++;
        Duration delay = policy.delay(attempts, random.getAsDouble());
        nextAttempt = later(this::connect, delay);
        change(new ConnectionState.Reconnecting(attempts, delay, cause));
    }

    /** In order where there is no cause. What is open, or half open, is closed first. */
    private void end(@Nullable QmpException cause) {
        if (over) {
            return;
        }
        over = true;
        why = cause == null ? why : cause;
        cancelTimers();
        Connection open = current;
        current = null;
        if (attempt != null) {
            attempt.cancel(false);
        }
        commands.end(cause);
        QmpClient left = open != null ? open.client() : candidate;
        CompletableFuture<Void> closing = left == null ? CompletableFuture.completedFuture(null) : left.closeAsync();
        closing.whenComplete((done, failure) -> mailbox.post(() -> ended(cause)));
    }

    private void ended(@Nullable QmpException cause) {
        change(cause == null ? new ConnectionState.Closed() : new ConnectionState.GaveUp(cause));
        relay.end(cause);
        options.runtime().leave(this);
        callback(() -> {
            if (cause == null) {
                ended.complete(null);
                connected.cancel(false);
            } else {
                ended.completeExceptionally(cause);
                connected.completeExceptionally(cause);
            }
        });
    }

    private void change(ConnectionState now) {
        state = now;
        relay.tell(now);
    }

    private Timer later(Runnable action, Duration delay) {
        return timers.schedule(() -> mailbox.post(action), delay);
    }

    private void cancelTimers() {
        for (Timer timer : new @Nullable Timer[] {nextAttempt, patience, steady}) {
            if (timer != null) {
                timer.cancel();
            }
        }
    }

    /** A mistake of ours must not leave anybody waiting. */
    private void defect(Throwable mistake) {
        over = true;
        relay.end(mistake);
        connected.completeExceptionally(mistake);
        ended.completeExceptionally(mistake);
    }

    private void callback(Runnable action) {
        try {
            options.callbackExecutor().execute(action);
        } catch (RejectedExecutionException e) {
            // The executor has been shut down; a future that never completes would be worse than a thread of ours.
            CallbackThreads.shared().execute(action);
        }
    }
}
