package dev.qmp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.ConnectionState.Connected;
import dev.qmp.ConnectionState.GaveUp;
import dev.qmp.ConnectionState.Lost;
import dev.qmp.ConnectionState.Reconnecting;
import dev.qmp.error.CommandNotSentException;
import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import dev.qmp.error.ConnectionLostException;
import dev.qmp.error.DifferentPeerException;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.error.QmpException;
import dev.qmp.fixtures.Eventually;
import dev.qmp.fixtures.fake.FakeQmpServer;
import dev.qmp.fixtures.fake.Script;
import dev.qmp.session.ManualTimers;
import dev.qmp.transport.QmpAddress;
import dev.qmp.wire.Message.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reconnecting on a clock of the test's own: nothing is tried again but when the test lets time pass. */
@Timeout(60)
class ReconnectingClientTest {

    private static final String UUID = "{'UUID':'6f1b3f5e-0000-4000-8000-000000000001'}";
    private static final String OTHER_UUID = "{'UUID':'6f1b3f5e-0000-4000-8000-000000000002'}";
    private static final Script READY = ready(UUID);
    private static final Script CUT = READY.hold("cut").close();
    private static final ReconnectPolicy POLICY =
            ReconnectPolicy.builder().jitter(0).build();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration FIRST = POLICY.initialDelay();

    private final ManualTimers timers = new ManualTimers();
    private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    private static Script ready(String uuid) {
        return Script.greeting()
                .negotiate()
                .expect("query-uuid")
                .reply(uuid)
                .onCommand("query-status", "{'status':'running'}");
    }

    private FakeQmpServer server(Script... scripts) {
        FakeQmpServer server = FakeQmpServer.start(scripts);
        open.add(server);
        return server;
    }

    private ReconnectingClient connect(FakeQmpServer server, ReconnectPolicy policy) {
        return connect(server, policy, QmpClientOptions.DEFAULT);
    }

    private ReconnectingClient connect(FakeQmpServer server, ReconnectPolicy policy, QmpClientOptions options) {
        ReconnectingClient client = Await.value(
                ReconnectingClient.connect(QmpAddress.parse(server.target()), options, policy, timers, () -> 0.5));
        open.add(0, client);
        client.subscribe(event -> true, event -> heard.add(event.name()), heard::add);
        return client;
    }

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private Object next() throws InterruptedException {
        Object next = heard.poll(20, TimeUnit.SECONDS);
        assertThat(next).as("something was heard").isNotNull();
        return next;
    }

    private <T> T next(Class<T> type) throws InterruptedException {
        Object next = next();
        assertThat(next).isInstanceOf(type);
        return type.cast(next);
    }

    /** Waits for the loss and its first delay, and lets the delay pass. */
    private void reconnect() throws InterruptedException {
        next(Lost.class);
        next(Reconnecting.class);
        timers.advance(FIRST);
    }

    private static String status(QmpClient client) {
        return Await.value(client.execute("query-status")).path("status").asText();
    }

    private static <E extends QmpException> E end(ReconnectingClient client, Class<E> type) {
        E cause = Await.failure(client.closed(), type);
        assertThat(client.state()).isEqualTo(new GaveUp(cause));
        return cause;
    }

    @Test
    void a_subscriber_stays_and_meets_the_gap_between_the_last_event_before_and_the_first_after_it() throws Exception {
        Script first = READY.event("STOP").hold("cut").close();
        Script second = Script.empty()
                .event("RESUME")
                .greet()
                .negotiate()
                .expect("query-uuid")
                .event("RESET")
                .reply(UUID)
                .hold("more")
                .event("POWERDOWN");
        FakeQmpServer server = server(first, second);
        List<String> early = new CopyOnWriteArrayList<>();
        ReconnectingClient client = connect(
                server,
                POLICY,
                QmpClientOptions.builder()
                        .eventListener(event -> early.add(event.name()))
                        .build());
        assertThat(client.state()).isEqualTo(new Connected(1, client.greeting()));
        server.release("cut");
        Object stop = next();
        if (stop.equals("STOP")) { // else it came before this test's subscription
            stop = next();
        }
        assertThat(stop).isInstanceOf(Lost.class);
        assertThat(((Lost) stop).connection()).isEqualTo(1);
        Reconnecting reconnecting = next(Reconnecting.class);
        assertThat(reconnecting.attempt()).isEqualTo(1);
        assertThat(reconnecting.delay()).isEqualTo(FIRST);
        assertThat(reconnecting.cause()).isInstanceOf(ConnectionLostException.class);
        assertThat(server.connections()).as("nothing before its time").isEqualTo(1);

        timers.advance(FIRST);
        assertThat(next(Connected.class).connection()).isEqualTo(2);
        assertThat(next()).isEqualTo("RESUME");
        assertThat(next()).isEqualTo("RESET");
        server.release("more");
        assertThat(next()).isEqualTo("POWERDOWN");
        // The options' own listener stays, too; it has a queue of its own, and a thread.
        List<String> all = List.of("STOP", "RESUME", "RESET", "POWERDOWN");
        Eventually.holds(PATIENCE, () -> all + ", but " + early, () -> early.equals(all));
    }

    @Test
    void a_command_in_flight_at_the_loss_has_an_unknown_outcome_and_is_not_sent_again() throws Exception {
        FakeQmpServer server = server(READY.expect("stop").close(), READY);
        ReconnectingClient client = connect(
                server, POLICY.toBuilder().commandWait(Duration.ofMinutes(1)).build());
        CompletableFuture<JsonNode> inFlight = client.execute("stop");

        assertThat(Await.failure(inFlight, OutcomeUnknownException.class).reason())
                .isEqualTo(OutcomeUnknownException.Reason.CONNECTION_LOST);
        reconnect();
        assertThat(next(Connected.class).connection()).isEqualTo(2);
        assertThat(status(client)).isEqualTo("running");
        assertThat(server.requests())
                .filteredOn(request -> request.command().equals("stop"))
                .hasSize(1);
        assertThat(client.statistics().commandsSent())
                .as("of both connections: uuid, stop, uuid, status")
                .isEqualTo(4);
    }

    @Test
    void a_command_without_a_connection_fails_at_once_as_not_sent() throws Exception {
        FakeQmpServer server = server(CUT, READY);
        ReconnectingClient client = connect(server, POLICY);
        server.release("cut");
        next(Lost.class);

        CommandNotSentException unsent = Await.failure(client.execute("query-status"), CommandNotSentException.class);
        assertThat(unsent).hasMessageContaining("no connection").hasCauseInstanceOf(ConnectionLostException.class);
        next(Reconnecting.class);
        timers.advance(FIRST);
        next(Connected.class);
        assertThat(status(client)).isEqualTo("running");
    }

    @Test
    void a_command_may_wait_for_the_next_connection() throws Exception {
        FakeQmpServer server = server(CUT, READY);
        ReconnectingClient client = connect(
                server, POLICY.toBuilder().commandWait(Duration.ofMinutes(1)).build());
        server.release("cut");
        next(Lost.class);
        CompletableFuture<JsonNode> status = client.execute("query-status");
        CompletableFuture<JsonNode> unwanted = client.execute("query-name");
        unwanted.cancel(false);
        next(Reconnecting.class);
        assertThat(status).isNotDone();

        timers.advance(FIRST);
        assertThat(Await.value(status).path("status").asText()).isEqualTo("running");
        assertThat(server.requests()).noneMatch(request -> request.command().equals("query-name"));
    }

    @Test
    void a_command_waits_no_longer_than_the_policy_and_its_deadline_allow() throws Exception {
        FakeQmpServer server = server(CUT, Script.empty());
        ReconnectingClient client = connect(
                server, POLICY.toBuilder().commandWait(Duration.ofMinutes(1)).build());
        server.release("cut");
        next(Lost.class);
        next(Reconnecting.class);
        CompletableFuture<JsonNode> unbounded = client.execute("query-status", null, Duration.ZERO);
        CompletableFuture<JsonNode> hasty = client.execute("query-status", null, Duration.ofSeconds(2));
        Eventually.holds(
                PATIENCE,
                () -> "timers for the attempt, the end and two commands: " + timers.delays(),
                () -> timers.delays().size() == 4);

        timers.advance(Duration.ofSeconds(2));
        assertThat(Await.failure(hasty, CommandNotSentException.class)).hasMessageContaining("in time");
        assertThat(unbounded).isNotDone();
        timers.advance(Duration.ofSeconds(58));
        Await.failure(unbounded, CommandNotSentException.class);
    }

    @Test
    void delays_grow_up_to_their_limit_until_the_client_gives_up() throws Exception {
        FakeQmpServer server = server(CUT);
        ReconnectPolicy policy = ReconnectPolicy.builder()
                .initialDelay(Duration.ofSeconds(1))
                .maximumDelay(Duration.ofSeconds(5))
                .multiplier(3)
                .jitter(0.4)
                .giveUpAfter(Duration.ofSeconds(15))
                .build();
        ReconnectingClient client = connect(server, policy);
        server.close();

        next(Lost.class);
        for (int millis : new int[] {800, 2_400, 4_000, 4_000}) { // random is 0.5: a fifth less
            Reconnecting state = next(Reconnecting.class);
            assertThat(state.delay()).isEqualTo(Duration.ofMillis(millis));
            timers.advance(state.delay());
        }
        assertThat(next(Reconnecting.class).cause()).isInstanceOf(ConnectFailedException.class);
        timers.advance(Duration.ofMillis(3_799));
        assertThat(client.state()).isInstanceOf(Reconnecting.class);
        timers.advance(Duration.ofMillis(1));
        assertThat(end(client, ConnectFailedException.class).reason()).isEqualTo(Reason.NOT_FOUND);
        assertThat(next()).isInstanceOf(GaveUp.class);
        assertThat(timers.delays()).isEmpty();
        Await.failure(client.execute("query-status"), CommandNotSentException.class);
    }

    @Test
    void delays_begin_anew_only_after_a_connection_that_stood_for_a_while() throws Exception {
        FakeQmpServer server =
                server(CUT, READY.hold("again").close(), READY.hold("late").close(), READY);
        connect(server, POLICY);
        server.release("cut");
        reconnect();
        next(Connected.class);
        server.release("again");
        next(Lost.class);
        Reconnecting second = next(Reconnecting.class);
        assertThat(second.attempt()).isEqualTo(2);
        assertThat(second.delay()).isEqualTo(FIRST.multipliedBy(2));
        timers.advance(second.delay());
        next(Connected.class);
        timers.advance(POLICY.maximumDelay());
        server.release("late");
        next(Lost.class);
        assertThat(next(Reconnecting.class).attempt()).isEqualTo(1);
    }

    @Test
    void another_machine_behind_the_same_path_ends_the_client_before_it_is_heard() throws Exception {
        Script other = Script.greeting()
                .event("STOP")
                .negotiate()
                .expect("query-uuid")
                .event("RESUME")
                .reply(OTHER_UUID)
                .expectEnd();
        FakeQmpServer server = server(CUT, other);
        ReconnectingClient client = connect(
                server, POLICY.toBuilder().commandWait(Duration.ofMinutes(1)).build());
        server.release("cut");
        next(Lost.class);
        CompletableFuture<JsonNode> waiting = client.execute("stop");
        next(Reconnecting.class);
        timers.advance(FIRST);

        DifferentPeerException cause = end(client, DifferentPeerException.class);
        assertThat(cause)
                .hasMessageContaining("000000000002 instead of")
                .hasMessageContaining(server.path().toString());
        assertThat(next()).as("no event of the other's").isEqualTo(new GaveUp(cause));
        Await.failure(waiting, CommandNotSentException.class);
        server.assertFinished();
    }

    @Test
    void another_version_behind_the_same_path_ends_the_client() throws Exception {
        Script other =
                Script.empty().greet(10, 0, 13).negotiate().expect("query-uuid").reply(UUID);
        FakeQmpServer server = server(CUT, other);
        ReconnectingClient client = connect(server, POLICY);
        server.release("cut");
        reconnect();
        assertThat(end(client, DifferentPeerException.class)).hasMessageContaining("version 10.0.13 instead of 7.2.22");
    }

    @Test
    void a_peer_without_a_machine_has_no_uuid_and_is_taken_for_the_same() throws Exception {
        Script daemon = Script.greeting()
                .negotiate()
                .expect("query-uuid")
                .fail("CommandNotFound", "The command query-uuid has not been found");
        FakeQmpServer server = server(daemon.hold("cut").close(), daemon);
        connect(server, POLICY);
        server.release("cut");
        reconnect();
        assertThat(next(Connected.class).connection()).isEqualTo(2);
    }

    @Test
    void a_monitor_that_is_busy_or_breaks_off_is_tried_again() throws Exception {
        FakeQmpServer server = server(
                CUT,
                Script.empty().close(),
                Script.greeting().negotiate().expect("query-uuid").close(),
                READY);
        connect(server, POLICY);
        server.release("cut");
        next(Lost.class);
        for (int attempt = 1; attempt <= 3; attempt++) {
            Reconnecting state = next(Reconnecting.class);
            assertThat(state.attempt()).isEqualTo(attempt);
            timers.advance(state.delay());
        }
        assertThat(next(Connected.class).connection()).isEqualTo(2);
    }

    @Test
    void a_close_of_ours_never_connects_again() {
        FakeQmpServer server = server(READY);
        ReconnectingClient client = connect(server, POLICY);
        client.close();
        Await.value(client.closed());
        assertThat(client.state()).isEqualTo(new ConnectionState.Closed());
        assertThat(timers.delays()).isEmpty();
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void a_close_while_there_is_no_connection_ends_the_waiting() throws Exception {
        FakeQmpServer server = server(CUT);
        ReconnectingClient client = connect(server, POLICY);
        server.release("cut");
        next(Lost.class);
        next(Reconnecting.class);
        client.close();
        Await.value(client.closed());
        assertThat(timers.delays()).isEmpty();
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void a_close_during_an_attempt_gives_it_up() throws Exception {
        FakeQmpServer server = server(CUT, Script.empty().expectEnd());
        ReconnectingClient client = connect(
                server,
                POLICY,
                QmpClientOptions.builder().greetingTimeout(Duration.ofDays(1)).build());
        server.release("cut");
        reconnect();
        server.awaitConnections(2);
        client.close();
        server.assertFinished();
    }

    @Test
    void closing_the_runtime_ends_the_waiting() throws Exception {
        FakeQmpServer server = server(CUT);
        QmpRuntime runtime = QmpRuntime.builder().build();
        ReconnectingClient client = connect(
                server, POLICY, QmpClientOptions.builder().runtime(runtime).build());
        server.release("cut");
        next(Lost.class);
        next(Reconnecting.class);
        runtime.close();
        Await.value(client.closed());
    }

    @Test
    void after_a_quit_of_ours_nothing_is_tried_again() {
        FakeQmpServer server = server(READY.expect("quit").reply().close());
        ReconnectingClient client = connect(server, POLICY);
        Await.value(client.execute("quit"));
        Await.value(client.closed());
        assertThat(timers.delays()).isEmpty();
    }

    @Test
    void after_an_announced_end_nothing_is_tried_again_unless_the_machine_was_reset() throws Exception {
        Script reset = READY.event("SHUTDOWN").event("RESET").hold("cut").close();
        FakeQmpServer server = server(reset, READY.event("SHUTDOWN").hold("end").close());
        ReconnectingClient client = connect(server, POLICY);
        server.awaitHold("cut");
        server.release("cut");
        while (!(next() instanceof Lost)) {
            // the events, where they came after the subscription
        }
        next(Reconnecting.class);
        timers.advance(FIRST);
        next(Connected.class);
        assertThat(next()).isEqualTo("SHUTDOWN");
        server.release("end");
        end(client, ConnectionLostException.class);
        assertThat(timers.delays()).isEmpty();
    }

    @Test
    void where_the_policy_says_so_the_same_machine_may_come_back_as_another_process_after_its_end() throws Exception {
        Script newer =
                Script.empty().greet(10, 0, 13).negotiate().expect("query-uuid").reply(UUID);
        FakeQmpServer server =
                server(READY.expect("quit").close(), newer.hold("cut").close(), ready(OTHER_UUID));
        ReconnectingClient client =
                connect(server, POLICY.toBuilder().afterShutdown(true).build());
        Await.value(client.execute("quit"));
        reconnect();
        assertThat(next(Connected.class).greeting().version().major()).isEqualTo(10);
        assertThat(client.greeting().version().major()).isEqualTo(10);
        server.release("cut");
        next(Lost.class);
        timers.advance(next(Reconnecting.class).delay());
        end(client, DifferentPeerException.class);
    }

    @Test
    void a_first_connection_that_fails_is_not_tried_again() {
        FakeQmpServer server = server(Script.empty().close());
        CompletableFuture<ReconnectingClient> connecting = ReconnectingClient.connect(
                QmpAddress.parse(server.target()), QmpClientOptions.DEFAULT, POLICY, timers, () -> 0);
        assertThat(Await.failure(connecting, ConnectFailedException.class).reason())
                .isEqualTo(Reason.NOT_QMP);
        assertThat(timers.delays()).isEmpty();
    }

    @Test
    void a_flow_subscriber_gets_as_many_events_as_it_asks_for_and_no_states() throws Exception {
        FakeQmpServer server =
                server(CUT, READY.hold("go").event("STOP").event("RESUME").event("RESET"));
        ReconnectingClient client = connect(server, POLICY);
        BlockingQueue<String> asked = new LinkedBlockingQueue<>();
        CompletableFuture<Void> complete = new CompletableFuture<>();
        client.events().subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(2);
            }

            @Override
            public void onNext(Event event) {
                asked.add(event.name());
            }

            @Override
            public void onError(Throwable cause) {
                complete.completeExceptionally(cause);
            }

            @Override
            public void onComplete() {
                complete.complete(null);
            }
        });
        server.release("cut");
        reconnect();
        next(Connected.class);
        server.release("go");
        assertThat(List.of(next(), next(), next())).containsExactly("STOP", "RESUME", "RESET");
        assertThat(asked.poll(20, TimeUnit.SECONDS)).isEqualTo("STOP");
        assertThat(asked.poll(20, TimeUnit.SECONDS)).isEqualTo("RESUME");
        assertThat(asked).as("two were asked for").isEmpty();
    }
}
