package dev.qmp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.schema.QmpSchema;
import dev.qmp.session.EventHub;
import dev.qmp.session.EventSubscription;
import dev.qmp.session.OutstandingCommand;
import dev.qmp.session.SessionStatistics;
import dev.qmp.session.SubscriptionOptions;
import dev.qmp.session.Timers;
import dev.qmp.transport.DescriptorSet;
import dev.qmp.transport.PeerCredentials;
import dev.qmp.transport.QmpAddress;
import dev.qmp.wire.Message.Event;
import dev.qmp.wire.Message.Greeting;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A client that connects again when its connection is lost, to the same QEMU. Everything else is as {@link QmpClient} says,
 * but for this:
 *
 * <ul>
 *   <li>Commands in flight at a loss end as in a session: {@link dev.qmp.error.OutcomeUnknownException}. None is ever sent
 *       twice. Those given while there is no connection fail at once as not sent, or wait:
 *       {@link ReconnectPolicy#commandWait()}.
 *   <li>Subscribers stay. What happened meanwhile they have missed: {@link #subscribe(Predicate, Consumer, Consumer)} tells
 *       between which events. {@link dev.qmp.job.Jobs} on this client look after their jobs by themselves when there is a
 *       connection again, and find out how those ended that ended meanwhile, or say that nobody knows.
 *   <li>Greeting, peer and schema are those of the newest connection, and statistics those of all together.
 *   <li>{@link #closed()} is the end of it all.
 * </ul>
 *
 * <p>It is the same QEMU if its socket was made by the same process (id and start time, where the kernel tells: on epoll's
 * UNIX sockets), the machine's uuid is the same and the version is: each where both connections know it. Another one ends the
 * client with {@link dev.qmp.error.DifferentPeerException} before anybody hears an event of its or a command is sent to it.
 * Two machines in a row over TCP, of one version and without {@code -uuid}, cannot be told apart.
 *
 * <p>A close never connects again. Nor does, unless {@link ReconnectPolicy#afterShutdown()} says so, this client's
 * {@code quit}, and an end after QEMU's event {@code SHUTDOWN}, which a QEMU with {@code -no-shutdown} may take back by
 * {@code RESET} or {@code RESUME}.
 */
public final class ReconnectingClient implements QmpClient {

    private final QmpAddress address;
    private final QmpClientOptions options;
    private final EventRelay relay;
    private final Reconnector reconnector;

    private ReconnectingClient(
            QmpAddress address,
            QmpClientOptions options,
            ReconnectPolicy policy,
            Timers timers,
            DoubleSupplier random) {
        this.address = address;
        this.options = options;
        this.relay = new EventRelay(
                new EventHub(options.eventQueue(), options.overflow(), options.replay(), options.callbackExecutor()),
                options.eventQueue());
        QmpClientOptions session = options.toBuilder().withoutEventListener().build();
        this.reconnector = new Reconnector(
                address.toString(),
                options,
                policy,
                gate -> SessionClient.connect(address, session, gate),
                relay,
                timers,
                random);
        Consumer<Event> listener = options.eventListener();
        if (listener != null) {
            relay.subscribe(SubscriptionOptions.DEFAULT, event -> true, listener, state -> {});
        }
    }

    /**
     * Connects for the first time, once, and fails as {@link QmpClient#connect} does. Cancelling the future gives the attempt
     * up.
     */
    public static CompletableFuture<ReconnectingClient> connect(
            QmpAddress address, QmpClientOptions options, ReconnectPolicy policy) {
        return connect(
                address,
                options,
                policy,
                options.runtime().timers(),
                () -> ThreadLocalRandom.current().nextDouble());
    }

    static CompletableFuture<ReconnectingClient> connect(
            QmpAddress address,
            QmpClientOptions options,
            ReconnectPolicy policy,
            Timers timers,
            DoubleSupplier random) {
        ReconnectingClient client = new ReconnectingClient(address, options, policy, timers, random);
        CompletableFuture<ReconnectingClient> connected = new CompletableFuture<>();
        client.reconnector.start().whenComplete((done, failure) -> {
            if (failure != null) {
                connected.completeExceptionally(failure);
            } else {
                connected.complete(client);
            }
        });
        connected.whenComplete((made, failure) -> {
            if (failure != null) {
                client.closeAsync();
            }
        });
        return connected;
    }

    /** How it stands at this moment. */
    public ConnectionState state() {
        return reconnector.state();
    }

    /**
     * Calls {@code listener} as {@link #subscribe(Predicate, Consumer)} does, and {@code states} with each change of state at
     * its place among the events: after the last event of a lost connection, before the first one of the next. Both are
     * called one at a time; both may throw, which ends this subscription alone.
     */
    public EventSubscription subscribe(
            Predicate<Event> predicate, Consumer<Event> listener, Consumer<ConnectionState> states) {
        return relay.subscribe(SubscriptionOptions.DEFAULT, predicate, listener, states);
    }

    /** {@link #subscribe(Predicate, Consumer, Consumer)} without events. */
    public EventSubscription onState(Consumer<ConnectionState> states) {
        return relay.subscribe(SubscriptionOptions.DEFAULT, event -> false, event -> {}, states);
    }

    @Override
    public EventSubscription subscribe(Predicate<Event> predicate, Consumer<Event> listener, Runnable gap) {
        return relay.subscribe(SubscriptionOptions.DEFAULT, predicate, listener, state -> {
            if (state instanceof ConnectionState.Connected) {
                gap.run();
            }
        });
    }

    @Override
    public EventSubscription subscribe(
            SubscriptionOptions wanted, Predicate<Event> predicate, Consumer<Event> listener) {
        return relay.subscribe(wanted, predicate, listener, state -> {});
    }

    @Override
    public Flow.Publisher<Event> events(SubscriptionOptions wanted) {
        return relay.publisher(wanted);
    }

    @Override
    public CompletableFuture<JsonNode> execute(String command, @Nullable ObjectNode arguments, Deadline deadline) {
        return executeWithin(command, arguments, options.deadline(deadline));
    }

    @Override
    public CompletableFuture<JsonNode> execute(String command, @Nullable ObjectNode arguments) {
        return executeWithin(command, arguments, options.deadlineOf(command));
    }

    private CompletableFuture<JsonNode> executeWithin(String command, @Nullable ObjectNode arguments, Duration length) {
        return submit(command, length, (client, left) -> client.execute(command, arguments, left));
    }

    @Override
    public CompletableFuture<JsonNode> executeOutOfBand(
            String command, @Nullable ObjectNode arguments, Deadline deadline) {
        return submit(
                command,
                options.deadline(deadline),
                (client, left) -> client.executeOutOfBand(command, arguments, Deadline.of(left)));
    }

    /** On the newest connection, at once or not at all: descriptors are not kept for one that comes later. */
    @Override
    public CompletableFuture<JsonNode> execute(
            String command, @Nullable ObjectNode arguments, DescriptorSet descriptors) {
        return reconnector.newest().execute(command, arguments, descriptors);
    }

    /** Those of the newest connection. */
    @Override
    public List<OutstandingCommand> outstanding() {
        return reconnector.newest().outstanding();
    }

    @Override
    public CompletableFuture<QmpSchema> schema() {
        return submit("query-qmp-schema", options.commandDeadline(), (client, left) -> client.schema());
    }

    private <R> CompletableFuture<R> submit(
            String command, Duration deadline, BiFunction<QmpClient, Duration, CompletableFuture<R>> call) {
        PlannedCommand<R> planned = new PlannedCommand<>(command, deadline, call);
        reconnector.commands().submit(planned);
        return planned.future();
    }

    @Override
    public QmpAddress address() {
        return address;
    }

    @Override
    public Greeting greeting() {
        return reconnector.newest().greeting();
    }

    @Override
    public Optional<PeerCredentials> peer() {
        return reconnector.newest().peer();
    }

    @Override
    public SessionStatistics statistics() {
        return reconnector.statistics();
    }

    /** Completes when the client has ended: normally after a close or a {@code quit}, else with why it gave up. */
    @Override
    public CompletionStage<Void> closed() {
        return reconnector.ended().minimalCompletionStage();
    }

    @Override
    public CompletableFuture<Void> closeAsync() {
        return reconnector.closeAsync();
    }

    @Override
    public void close() {
        closeAsync().join();
    }
}
