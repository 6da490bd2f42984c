package dev.qmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.agent.QemuGuestAgent;
import dev.qmp.error.CommandNotSentException;
import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import dev.qmp.fixtures.Eventually;
import dev.qmp.fixtures.fake.FakeQmpServer;
import dev.qmp.fixtures.fake.Script;
import dev.qmp.transport.QmpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class QmpRuntimeTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Script SERVES =
            Script.greeting().negotiate().onCommand("query-status", "{'status':'running'}");

    private static CompletableFuture<QmpClient> connecting(FakeQmpServer server, QmpRuntime runtime) {
        return QmpClient.connect(
                QmpAddress.parse(server.target()),
                QmpClientOptions.builder().runtime(runtime).build());
    }

    private static List<String> threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(prefix + "-"))
                .sorted()
                .toList();
    }

    private static void awaitNoThread(String prefix) {
        Eventually.holds(
                PATIENCE,
                () -> "none of " + threads(prefix),
                () -> threads(prefix).isEmpty());
    }

    @Test
    void clients_are_spread_over_the_loops_and_no_further_thread_comes_with_further_clients() {
        try (FakeQmpServer server = FakeQmpServer.start(SERVES);
                QmpRuntime runtime = QmpRuntime.builder()
                        .name("spread")
                        .loops(3)
                        .callbackThreads(2)
                        .build()) {
            List<QmpClient> clients = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                clients.add(Await.value(connecting(server, runtime)));
            }
            for (QmpClient client : clients) {
                assertThat(Await.value(client.execute("query-status"))
                                .path("status")
                                .asText())
                        .isEqualTo("running");
            }
            assertThat(threads("spread"))
                    .filteredOn(name -> name.contains("-io-"))
                    .hasSize(3);
            assertThat(threads("spread"))
                    .filteredOn(name -> name.contains("-callback-"))
                    .hasSizeLessThanOrEqualTo(2);
        }
        awaitNoThread("spread");
    }

    @Test
    void closing_it_ends_its_clients_in_order_and_leaves_no_thread_and_no_descriptor() {
        Script slow = Script.greeting()
                .negotiate()
                .expect("query-status")
                .hold("status")
                .reply("{'status':'paused'}");
        try (FakeQmpServer server = FakeQmpServer.start(slow, SERVES)) {
            long before = Descriptors.count();
            QmpRuntime runtime = QmpRuntime.builder().name("ends").build();
            QmpClient busy = Await.value(connecting(server, runtime));
            QmpClient idle = Await.value(connecting(server, runtime));
            CompletableFuture<JsonNode> inFlight = busy.execute("query-status");
            CompletableFuture<JsonNode> unsent = busy.execute("query-name");
            server.awaitHold("status");

            CompletableFuture<Void> closing = CompletableFuture.runAsync(runtime::close);
            Await.value(idle.closed());
            Await.failure(unsent, CommandNotSentException.class);
            assertThat(closing)
                    .as("the reply of a command in flight is waited for")
                    .isNotDone();
            server.release("status");
            Await.value(closing);

            assertThat(Await.value(inFlight).path("status").asText()).isEqualTo("paused");
            Await.value(busy.closed());
            awaitNoThread("ends");
            server.awaitEnd(0);
            server.awaitEnd(1);
            Eventually.holds(
                    PATIENCE,
                    () -> "no more than " + before + " descriptors, but " + Descriptors.count(),
                    () -> Descriptors.count() <= before);
        }
    }

    @Test
    void a_client_on_a_closed_runtime_fails_and_says_why() {
        QmpRuntime runtime = QmpRuntime.builder().name("closed").build();
        runtime.close();
        runtime.close();
        try (FakeQmpServer server = FakeQmpServer.start(SERVES)) {
            ConnectFailedException failure = Await.failure(connecting(server, runtime), ConnectFailedException.class);
            assertThat(failure.reason()).isEqualTo(Reason.CLOSED);
            assertThat(failure).hasMessageContaining(server.path().toString()).hasMessageContaining("closed");
            assertThat(server.connections()).isZero();
        }
        assertThat(runtime.isClosed()).isTrue();
        assertThat(threads("closed")).isEmpty();
    }

    @Test
    void closing_it_gives_up_at_once_what_waits_for_a_greeting() {
        try (FakeQmpServer server = FakeQmpServer.start(Script.empty().expectEnd())) {
            QmpRuntime runtime = QmpRuntime.builder().name("connecting").build();
            CompletableFuture<QmpClient> connecting = QmpClient.connect(
                    QmpAddress.parse(server.target()),
                    QmpClientOptions.builder()
                            .runtime(runtime)
                            .greetingTimeout(Duration.ofDays(1))
                            .build());
            server.awaitConnections(1);
            runtime.close();
            assertThat(Await.failure(connecting, ConnectFailedException.class).reason())
                    .isEqualTo(Reason.CLOSED);
            server.assertFinished();
            awaitNoThread("connecting");
        }
    }

    @Test
    void cancelling_a_connect_closes_the_connection_that_has_not_greeted() {
        try (FakeQmpServer server = FakeQmpServer.start(Script.empty().expectEnd())) {
            CompletableFuture<QmpClient> connecting = QmpClient.connect(
                    QmpAddress.parse(server.target()),
                    QmpClientOptions.builder()
                            .greetingTimeout(Duration.ofDays(1))
                            .build());
            server.awaitConnections(1);
            connecting.cancel(false);
            server.assertFinished();
        }
    }

    @Test
    void guest_agents_belong_to_it_as_well() {
        try (FakeQmpServer server = FakeQmpServer.start(Script.agent())) {
            QmpRuntime runtime = QmpRuntime.builder().name("agent").build();
            QemuGuestAgent agent = Await.value(QemuGuestAgent.connect(
                    QmpAddress.parse(server.target()),
                    QmpClientOptions.builder().runtime(runtime).build()));
            runtime.close();
            Await.value(agent.closed());
            awaitNoThread("agent");
        }
    }

    @Test
    void one_clients_callbacks_that_block_do_not_stop_anothers() {
        CountDownLatch release = new CountDownLatch(1);
        try (FakeQmpServer server = FakeQmpServer.start(SERVES);
                QmpRuntime runtime =
                        QmpRuntime.builder().name("blocking").callbackThreads(1).build()) {
            QmpClient rude = Await.value(connecting(server, runtime));
            QmpClient polite = Await.value(connecting(server, runtime));
            try {
                CountDownLatch blocked = new CountDownLatch(3);
                for (int i = 0; i < 3; i++) {
                    Runnable blocking = () -> {
                        blocked.countDown();
                        await(release);
                    };
                    // On the callback threads, also where the reply was faster than this.
                    rude.execute("query-status").thenRunAsync(blocking, runtime.callbackExecutor());
                }
                await(blocked);
                assertThat(Await.value(polite.execute("query-status"))
                                .path("status")
                                .asText())
                        .isEqualTo("running");
            } finally {
                release.countDown();
            }
        }
        awaitNoThread("blocking");
    }

    @Test
    void it_may_be_closed_in_a_callback_of_one_of_its_clients() {
        try (FakeQmpServer server = FakeQmpServer.start(SERVES)) {
            QmpRuntime runtime = QmpRuntime.builder().name("inside").build();
            QmpClient client = Await.value(connecting(server, runtime));
            Await.value(client.execute("query-status").thenRunAsync(runtime::close, runtime.callbackExecutor()));
            Await.value(client.closed());
            awaitNoThread("inside");
        }
    }

    @Test
    void the_shared_one_is_everybodys_and_cannot_be_closed() {
        assertThatIllegalStateException().isThrownBy(() -> QmpRuntime.shared().close());
        assertThat(QmpClientOptions.DEFAULT.runtime()).isSameAs(QmpRuntime.shared());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
