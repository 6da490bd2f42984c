package dev.qmp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.qapi.QueryQmpSchema;
import dev.qmp.schema.QmpSchema;
import dev.qmp.session.EventSubscription;
import dev.qmp.session.OutstandingCommand;
import dev.qmp.session.PeerProfile;
import dev.qmp.session.Session;
import dev.qmp.session.SessionOptions;
import dev.qmp.session.SessionStatistics;
import dev.qmp.session.SubscriptionOptions;
import dev.qmp.transport.DescriptorSet;
import dev.qmp.transport.Link;
import dev.qmp.transport.LinkListener;
import dev.qmp.transport.PeerCredentials;
import dev.qmp.transport.QmpAddress;
import dev.qmp.transport.Transports;
import dev.qmp.wire.Message.Event;
import dev.qmp.wire.Message.Greeting;
import dev.qmp.wire.QemuVersion;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A client on a session of its own. */
final class SessionClient implements QmpClient {

    private final QmpAddress address;
    private final QmpClientOptions options;
    private final Session session;
    private final SchemaSource schema;

    private SessionClient(QmpAddress address, QmpClientOptions options, Session session) {
        this.address = address;
        this.options = options;
        this.session = session;
        Optional<SchemaCache> cache = cache(options);
        this.schema = new SchemaSource(
                session.greeting().version(),
                options.limits(),
                () -> execute(QueryQmpSchema.NAME),
                () -> cache.flatMap(this::shelf),
                options.callbackExecutor());
    }

    /** {@code tap}, if any, is a session's: see {@link SessionOptions#eventTap()}. */
    static CompletableFuture<QmpClient> connect(
            QmpAddress address, QmpClientOptions options, @Nullable Consumer<Event> tap) {
        return client(
                address,
                options,
                tap,
                listener -> Transports.open(address, options.transportOptions(), listener),
                failure -> BusyMonitor.explain(address, failure));
    }

    static CompletableFuture<QmpClient> accept(QmpAddress where, QmpClientOptions options) {
        return client(
                where,
                options,
                null,
                listener -> Transports.listen(where, options.transportOptions(), listener),
                f -> f);
    }

    private static CompletableFuture<QmpClient> client(
            QmpAddress address,
            QmpClientOptions options,
            @Nullable Consumer<Event> tap,
            Function<LinkListener, CompletableFuture<Link>> opener,
            UnaryOperator<Throwable> explanation) {
        CompletableFuture<QmpClient> connected = new CompletableFuture<>();
        CompletableFuture<Session> opening =
                options.runtime().open(PeerProfile.MONITOR, address.toString(), opener, sessionOptions(options, tap));
        opening.whenComplete((session, failure) -> {
            if (failure != null) {
                connected.completeExceptionally(explanation.apply(failure));
            } else if (!connected.complete(new SessionClient(address, options, session))) {
                // The caller has cancelled: a session that nobody knows of would block the monitor for ever.
                session.closeAsync();
            }
        });
        connected.whenComplete((client, failure) -> opening.cancel(false));
        return connected;
    }

    private static SessionOptions sessionOptions(QmpClientOptions options, @Nullable Consumer<Event> tap) {
        return new SessionOptions(
                options.greetingTimeout(),
                options.closeGrace(),
                options.inFlight(),
                options.outOfBand() ? options.outOfBandInFlight() : 0,
                options.eventQueue(),
                options.overflow(),
                options.replay(),
                options.limits(),
                options.callbackExecutor(),
                options.trafficListener(),
                options.eventListener(),
                tap);
    }

    @Override
    public QmpAddress address() {
        return address;
    }

    @Override
    public Greeting greeting() {
        return session.greeting();
    }

    @Override
    public Optional<PeerCredentials> peer() {
        return session.peer();
    }

    @Override
    public CompletableFuture<JsonNode> execute(String command, @Nullable ObjectNode arguments, Deadline deadline) {
        return session.execute(command, arguments, options.deadline(deadline));
    }

    @Override
    public CompletableFuture<JsonNode> execute(String command, @Nullable ObjectNode arguments) {
        return session.execute(command, arguments, options.deadlineOf(command));
    }

    @Override
    public CompletableFuture<JsonNode> executeOutOfBand(
            String command, @Nullable ObjectNode arguments, Deadline deadline) {
        return schema.refusesOutOfBand(command)
                ? OutOfBand.notAllowed(command)
                : session.executeOutOfBand(command, arguments, options.deadline(deadline));
    }

    @Override
    public List<OutstandingCommand> outstanding() {
        return session.outstanding();
    }

    @Override
    public CompletableFuture<JsonNode> execute(
            String command, @Nullable ObjectNode arguments, DescriptorSet descriptors) {
        return session.execute(command, arguments, options.commandDeadline(), descriptors);
    }

    @Override
    public CompletableFuture<QmpSchema> schema() {
        return schema.get();
    }

    private static Optional<SchemaCache> cache(QmpClientOptions options) {
        return Optional.ofNullable(options.schemaCache()).map(folder -> new SchemaCache(folder, Clock.systemUTC()));
    }

    private Optional<SchemaSource.Shelf> shelf(SchemaCache cache) {
        QemuVersion version = greeting().version();
        return PeerProgram.of(peer())
                .map(program -> new SchemaSource.Shelf(
                        cache, String.join(" ", version.toString(), version.packageVersion(), program.identity())));
    }

    @Override
    public Flow.Publisher<Event> events(SubscriptionOptions wanted) {
        return session.events(wanted);
    }

    @Override
    public EventSubscription subscribe(
            SubscriptionOptions wanted, Predicate<Event> predicate, Consumer<Event> listener) {
        return session.subscribe(wanted, predicate, listener);
    }

    @Override
    public SessionStatistics statistics() {
        return session.statistics();
    }

    @Override
    public CompletionStage<Void> closed() {
        return session.ended();
    }

    @Override
    public CompletableFuture<Void> closeAsync() {
        return session.closeAsync();
    }

    @Override
    public void close() {
        closeAsync().join();
    }
}
