package dev.qmp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.error.CommandNotSentException;
import dev.qmp.error.ConnectionLostException;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.error.ProtocolViolationException;
import dev.qmp.error.ProtocolViolationException.Kind;
import dev.qmp.fixtures.fake.Answer;
import dev.qmp.fixtures.fake.FakeQmpServer;
import dev.qmp.fixtures.fake.Script;
import dev.qmp.session.EventSubscription;
import dev.qmp.session.SubscriptionOptions;
import dev.qmp.transport.QmpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that greet twice, speak nonsense in the middle, talk without end or are gone: a clear end, or none at all. */
@Timeout(60)
class StrangePeerTest {

    private static QmpClient connect(FakeQmpServer server, QmpClientOptions options) {
        return Await.value(QmpClient.connect(QmpAddress.parse(server.target()), options));
    }

    private static QmpClient connect(FakeQmpServer server) {
        return connect(server, QmpClientOptions.DEFAULT);
    }

    @Test
    void two_greetings_at_the_start_are_negotiated_with_and_no_reply_is_shifted() {
        Script script = Script.greeting()
                .greet()
                .expectAs("first", "qmp_capabilities")
                .expectAs("second", "qmp_capabilities")
                .replyTo("first", "{}")
                .expect("query-status")
                .failTo("second", "CommandNotFound", "Capabilities negotiation is already complete, command ignored")
                .reply("{'status':'running'}");
        try (FakeQmpServer server = FakeQmpServer.start(script);
                QmpClient client = connect(server)) {
            assertThat(Await.value(client.execute("query-status"))
                            .path("status")
                            .asText())
                    .isEqualTo("running");
            assertThat(client.statistics().unknownReplies()).isZero();
            server.assertFinished();
        }
    }

    @Test
    void a_monitor_that_is_reset_while_it_is_negotiated_with_is_negotiated_with_again() {
        Script script = Script.greeting()
                .expectAs("forgotten", "qmp_capabilities")
                .greet()
                .expectAs("second", "qmp_capabilities")
                .replyTo("second", "{}")
                .expect("query-status")
                .reply("{'status':'running'}");
        try (FakeQmpServer server = FakeQmpServer.start(script);
                QmpClient client = connect(server)) {
            Await.value(client.execute("query-status"));
            server.assertFinished();
        }
    }

    @Test
    void a_greeting_in_the_middle_ends_the_session_and_a_new_one_is_possible_at_once() {
        Script reset = Script.greeting().negotiate().expect("blockdev-add").greet();
        Script fresh = Script.greeting().negotiate().expect("query-status").reply("{'status':'running'}");
        try (FakeQmpServer server = FakeQmpServer.start(reset, fresh)) {
            try (QmpClient client = connect(server)) {
                CompletableFuture<JsonNode> inFlight = client.execute("blockdev-add");
                CompletableFuture<JsonNode> waiting = client.execute("query-block");

                assertThat(Await.failure(inFlight, OutcomeUnknownException.class))
                        .hasRootCauseMessage("QEMU greeted again in the middle of the session: its monitor was reset");
                Await.failure(waiting, CommandNotSentException.class);
                assertThat(Await.failure(client.closed(), ProtocolViolationException.class)
                                .kind())
                        .isEqualTo(Kind.GREETED_AGAIN);
            }
            try (QmpClient client = connect(server)) {
                Await.value(client.execute("query-status"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"return\":{},\"id\":1}]",
                "\"return\"",
                "17",
                "null",
                "}",
                "{\"return\":{} \"id\":1}",
                "{\"return\":}",
                "{'return':{},'id':1}",
                "{\"return\":{},\"id\":1]",
                "{\"hello\":\"world\"}",
                "{}",
                "{\"execute\":\"query-status\",\"id\":1}",
                "{\"return\":\"a\u0001b\",\"id\":1}",
                "{\"return\":\"\\x\",\"id\":1}",
                "{\"return\":NaN,\"id\":1}",
                "QEMU 7.2.22 monitor - type 'help' for more information",
                "\u0000"
            })
    void nonsense_in_the_middle_ends_the_session_with_a_cause_and_leaves_no_command_waiting(String nonsense) {
        Script script = Script.greeting().negotiate().expect("cont").raw(nonsense + "\r\n");
        try (FakeQmpServer server = FakeQmpServer.start(script);
                QmpClient client = connect(server)) {
            CompletableFuture<JsonNode> inFlight = client.execute("cont");
            CompletableFuture<JsonNode> waiting = client.execute("stop");

            Await.failure(inFlight, OutcomeUnknownException.class);
            Await.failure(waiting, CommandNotSentException.class);
            ProtocolViolationException end = Await.failure(client.closed(), ProtocolViolationException.class);
            assertThat(end.kind()).isIn(Kind.MALFORMED, Kind.UNEXPECTED);
            server.awaitEnd(0);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"return\":{\"a\":1,\"a\":2},\"id\":1} | {\"a\":2}",
                "{\"id\":1,\"extra\":[null],\"return\":17} | 17",
                "{\"id\":1,\"return\":null} | null",
                "{\"return\":\"\\uD800\",\"id\":1} | \"?\"",
                "{\"id\":1.0,\"return\":{}} | unknown",
                "{\"id\":\"1\",\"return\":{}} | unknown",
                "{\"id\":18446744073709551617,\"return\":{}} | unknown"
            })
    void what_is_odd_and_still_qmp_is_taken_as_it_is_or_counted_as_nobodys(String reply, String expected) {
        Script script = Script.greeting()
                .negotiate()
                .expectAs("odd", "query-name")
                .raw(reply)
                .replyTo("odd", "'regular'");
        try (FakeQmpServer server = FakeQmpServer.start(script);
                QmpClient client = connect(server)) {
            JsonNode result = Await.value(client.execute("query-name"));
            server.assertFinished();

            if (expected.equals("unknown")) {
                assertThat(result.asText()).isEqualTo("regular");
                assertThat(client.statistics().unknownReplies()).isOne();
            } else {
                assertThat(result.toString().replaceAll("[^ -~]", "?")).isEqualTo(expected);
            }
        }
    }

    @Test
    void callers_on_many_threads_each_get_their_own_reply() throws Exception {
        Script script = Script.greeting()
                .negotiate()
                .onCommand("echo", request -> Answer.of(request.arguments().toString()));
        ExecutorService callers = Executors.newFixedThreadPool(8);
        for (QmpClientOptions options : List.of(
                QmpClientOptions.DEFAULT,
                QmpClientOptions.builder().outOfBand(true).build())) {
            try (FakeQmpServer server = FakeQmpServer.start(script);
                    QmpClient client = connect(server, options)) {
                List<CompletableFuture<Void>> all = new ArrayList<>();
                for (int caller = 0; caller < 8; caller++) {
                    int mine = caller;
                    all.add(CompletableFuture.runAsync(() -> echo(client, mine), callers));
                }
                all.forEach(Await::value);
                assertThat(client.statistics().replies()).isEqualTo(8 * 100);
                assertThat(client.statistics().unknownReplies()).isZero();
            }
        }
        callers.shutdown();
    }

    private static void echo(QmpClient client, int caller) {
        List<CompletableFuture<JsonNode>> replies = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            replies.add(client.execute("echo", said(caller, i)));
        }
        for (int i = 0; i < 100; i++) {
            assertThat(Await.value(replies.get(i))).isEqualTo(said(caller, i));
        }
    }

    private static ObjectNode said(int caller, int i) {
        return JsonNodeFactory.instance.objectNode().put("caller", caller).put("call", i);
    }

    @Test
    void a_subscriber_that_hangs_keeps_neither_the_peer_nor_commands_nor_other_subscribers_waiting() throws Exception {
        Script script = Script.greeting()
                .negotiate()
                .expect("query-name")
                .glued(flood -> flood.repeat(5_000, each -> each.event("STOP")))
                .event("RESUME")
                .reply("{'name':'daisy'}")
                .expect("query-status")
                .reply("{'status':'running'}");
        CountDownLatch gate = new CountDownLatch(1);
        List<String> heard = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> all = new CompletableFuture<>();
        try (FakeQmpServer server = FakeQmpServer.start(script);
                QmpClient client = connect(server)) {
            EventSubscription hanging =
                    client.subscribe(SubscriptionOptions.DEFAULT.queue(10), event -> true, event -> await(gate));
            client.subscribe(event -> event.name().equals("RESUME"), event -> {
                heard.add(event.name());
                all.complete(null);
            });
            Await.value(client.execute("query-name"));
            Await.value(client.execute("query-status"));
            Await.value(all);
            assertThat(hanging.dropped()).isGreaterThanOrEqualTo(5_001 - 10 - 1);
            assertThat(hanging.delivered()).isZero();
            gate.countDown();
            assertThat(heard).containsExactly("RESUME");
        }
    }

    private static void await(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_client_whose_peer_is_gone_is_closed_without_a_word_and_more_than_once() {
        Script script = Script.greeting().negotiate().close();
        try (FakeQmpServer server = FakeQmpServer.start(script)) {
            QmpClient client = connect(server);
            Await.failure(client.closed(), ConnectionLostException.class);

            Await.value(client.closeAsync());
            client.close();
            Await.failure(client.execute("quit"), CommandNotSentException.class);
        }
    }
}
