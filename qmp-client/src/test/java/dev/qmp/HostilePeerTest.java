package dev.qmp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.error.CommandNotSentException;
import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.error.ProtocolViolationException;
import dev.qmp.error.ProtocolViolationException.Kind;
import dev.qmp.fixtures.fake.FakeQmpServer;
import dev.qmp.fixtures.fake.Script;
import dev.qmp.transport.QmpAddress;
import dev.qmp.wire.WireLimits;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A peer that wants to hurt us. Throughout each attack another connection on the same loop asks and is answered; how long
 * it waits at most is printed, and not asserted.
 */
@Timeout(120)
class HostilePeerTest {

    private static final WireLimits LIMITS = WireLimits.DEFAULT.withDocumentBytes(24 << 20);

    private final FakeQmpServer neighbour =
            FakeQmpServer.start(Script.greeting().negotiate().onCommand("query-status", "{'status':'running'}"));
    private final Neighbour served = new Neighbour(connectTo(neighbour.target()));

    /** Somebody else's conversation: one command after the other. */
    private static final class Neighbour {
        private final QmpClient client;
        private volatile boolean enough;
        private long slowestNanos;
        private int answered;
        private final Thread thread = new Thread(this::talk, "neighbour");

        Neighbour(QmpClient client) {
            this.client = client;
            thread.start();
        }

        private void talk() {
            do {
                long start = System.nanoTime();
                Await.value(client.execute("query-status"));
                slowestNanos = Math.max(slowestNanos, System.nanoTime() - start);
                answered++;
            } while (!enough);
        }

        String end() throws InterruptedException {
            enough = true;
            thread.join(60_000);
            assertThat(thread.isAlive()).as("the neighbour waits for ever").isFalse();
            // It is still served after all this.
            Await.value(client.execute("query-status"));
            client.close();
            return answered + " answers, the slowest after " + slowestNanos / 1_000_000.0 + " ms";
        }
    }

    private static QmpClient connectTo(String target) {
        return Await.value(QmpClient.connect(QmpAddress.parse(target)));
    }

    private static CompletableFuture<QmpClient> connecting(HostilePeer peer, WireLimits limits) {
        return QmpClient.connect(
                QmpAddress.unix(peer.path()),
                QmpClientOptions.builder().limits(limits).build());
    }

    @BeforeEach
    void the_neighbour_is_served() {
        Await.value(served.client.execute("query-status"));
    }

    @AfterEach
    void the_neighbour_was_served_throughout(TestInfo test) throws InterruptedException {
        System.out.println("beside \"" + test.getDisplayName() + "\": " + served.end());
        neighbour.close();
    }

    private static void say(OutputStream out, String text) throws java.io.IOException {
        HostilePeer.say(out, text);
    }

    private static void nested(OutputStream out, String open, long bytes, String unit) throws java.io.IOException {
        say(out, open);
        HostilePeer.repeat(out, unit, bytes / unit.length());
    }

    private static Arguments over(String limit, HostilePeer.Attack attack) {
        return Arguments.of(limit, attack);
    }

    static Stream<Arguments> excesses() {
        long endless = 200L << 20;
        return Stream.of(
                over("document bytes", (out, words) -> nested(out, "{\"return\":\"", endless, "x".repeat(1000))),
                over(
                        "document bytes of an event",
                        (out, words) -> nested(out, "{\"event\":\"X\",\"data\":{\"a\":\"", endless, "y".repeat(1000))),
                over("nesting", (out, words) -> nested(out, "{\"return\":", endless, "[")),
                over("nesting of objects", (out, words) -> nested(out, "{\"return\":", endless, "{\"a\":")),
                over("tokens: empty lists", (out, words) -> {
                    nested(out, "{\"return\":[[]", 20 << 20, ",[]");
                    say(out, "],\"id\":1}");
                }),
                over("tokens: members of one object", (out, words) -> {
                    say(out, "{\"return\":{\"a\":1");
                    for (int i = 0; i < 2_100_000; i++) {
                        HostilePeer.repeat(out, ",\"" + Integer.toString(i, 36) + "\":1", 1);
                    }
                    say(out, "},\"id\":1}");
                }),
                over("number length", (out, words) -> {
                    nested(out, "{\"return\":", 1 << 20, "9");
                    say(out, ",\"id\":1}");
                }),
                over("number length in an id", (out, words) -> {
                    nested(out, "{\"return\":{},\"id\":", 200, "7");
                    say(out, "}");
                }),
                over("notice: event", (out, words) -> {
                    nested(out, "{\"event\":\"X\",\"data\":{\"a\":\"", 300 << 10, "x");
                    say(out, "\"}}");
                }),
                over("notice: event's name", (out, words) -> {
                    nested(out, "{\"event\":\"", 300 << 10, "X");
                    say(out, "\"}");
                }),
                over("notice: words of a refusal", (out, words) -> {
                    nested(out, "{\"id\":1,\"error\":{\"class\":\"GenericError\",\"desc\":\"", 300 << 10, "no ");
                    say(out, "\"}}");
                }),
                over("notice: class of a refusal", (out, words) -> {
                    nested(out, "{\"id\":1,\"error\":{\"desc\":\"no\",\"class\":\"", 300 << 10, "no ");
                    say(out, "\"}}");
                }),
                over("notice: greeting", (out, words) -> {
                    nested(out, "{\"QMP\":{\"capabilities\":[\"oob\"", 300 << 10, ",\"oob\"");
                    say(out, "]}}");
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("excesses")
    void a_peer_over_a_limit_ends_its_own_session_and_no_other(String limit, HostilePeer.Attack attack) {
        try (HostilePeer peer = HostilePeer.afterACommand(attack);
                QmpClient client = Await.value(connecting(peer, LIMITS))) {
            OutcomeUnknownException lost = Await.failure(client.execute("query-block"), OutcomeUnknownException.class);
            assertThat(lost.reason()).isEqualTo(OutcomeUnknownException.Reason.CONNECTION_LOST);
            ProtocolViolationException why = Await.failure(client.closed(), ProtocolViolationException.class);
            assertThat(why.kind()).isEqualTo(Kind.LIMIT_EXCEEDED);
            assertThat(why.getMessage()).hasSizeLessThan(400);
        }
    }

    @Test
    void a_string_over_its_limit_ends_the_session() {
        try (HostilePeer peer = HostilePeer.afterACommand((out, words) -> {
                    nested(out, "{\"id\":1,\"return\":\"", 2000, "x");
                    say(out, "\"}");
                });
                QmpClient client = Await.value(connecting(peer, LIMITS.withStringLength(1000)))) {
            client.execute("query-block");
            assertThat(Await.failure(client.closed(), ProtocolViolationException.class)
                            .kind())
                    .isEqualTo(Kind.LIMIT_EXCEEDED);
        }
    }

    static Stream<Arguments> nuisances() {
        return Stream.of(
                over(
                        "a document of half the cap",
                        (out, words) -> nested(out, "{\"id\":1,\"return\":[\"", 12 << 20, "x".repeat(500))),
                over("a million members", (out, words) -> {
                    say(out, "{\"id\":1,\"return\":[{\"a\":1");
                    for (int i = 0; i < 1_000_000; i++) {
                        HostilePeer.repeat(out, ",\"" + Integer.toString(i, 36) + "\":1", 1);
                    }
                    say(out, "},\"");
                }),
                over("a hundred thousand members of one hash", (out, words) -> {
                    say(out, "{\"id\":1,\"return\":[{\"a\":1");
                    for (int i = 0; i < 1 << 17; i++) {
                        StringBuilder name = new StringBuilder();
                        for (int bit = 0; bit < 17; bit++) {
                            name.append((i >> bit & 1) == 0 ? "Aa" : "BB");
                        }
                        HostilePeer.repeat(out, ",\"" + name + "\":1", 1);
                    }
                    say(out, "},\"");
                }),
                over("numbers of a hundred digits", (out, words) -> {
                    nested(out, "{\"id\":1,\"return\":[1", 10 << 20, "," + "9".repeat(100));
                    say(out, ",\"");
                }),
                over("numbers with huge exponents", (out, words) -> {
                    nested(out, "{\"id\":1,\"return\":[1", 10 << 20, ",1e1000000000,-1E-999999999");
                    say(out, ",\"");
                }),
                over("events to nobody, with impossible times", (out, words) -> {
                    for (int i = 0; i < 200_000; i++) {
                        HostilePeer.repeat(
                                out,
                                "{\"event\":\"X\",\"timestamp\":{\"seconds\":1e400,\"microseconds\":" + "9".repeat(60)
                                        + "}}\r\n",
                                1);
                    }
                    say(out, "{\"id\":1,\"return\":[\"");
                }),
                over("replies to every id but the one", (out, words) -> {
                    for (int i = 2; i < 200_000; i++) {
                        HostilePeer.repeat(out, "{\"return\":{},\"id\":" + i + "}\r\n", 1);
                    }
                    say(
                            out,
                            "{\"return\":{},\"id\":\"1\"}{\"return\":{},\"id\":1.0}{\"return\":{},\"id\":[1]}"
                                    + "{\"return\":{},\"id\":18446744073709551617}{\"id\":1,\"return\":[\"");
                }),
                over("a reply byte by byte", (out, words) -> {
                    say(out, "{\"id\":1,\"return\":[\"");
                    for (int i = 0; i < 300_000; i++) {
                        say(out, "z");
                    }
                }),
                over("100 MB of white space", (out, words) -> {
                    HostilePeer.repeat(out, " \t\r\n".repeat(1000), 25_000);
                    say(out, "{\"id\":1,\"return\":[\"");
                }),
                over(
                        "half characters and characters that are none",
                        (out, words) -> say(out, "{\"id\":1,\"return\":[\"\\ud800\",\"\\udc00\\u0000\\uffff\",\"")));
    }

    /** Each leaves the string of a list open. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("nuisances")
    void what_is_just_below_the_limits_is_answered_and_costs_no_other_session_its_service(
            String what, HostilePeer.Attack attack) {
        HostilePeer.Attack whole = (out, words) -> {
            attack.on(out, words);
            say(out, "the end\"]}\r\n");
        };
        try (HostilePeer peer = HostilePeer.afterACommand(whole);
                QmpClient client = Await.value(connecting(peer, LIMITS))) {
            JsonNode list = Await.value(client.execute("query-block", null, Duration.ZERO));
            assertThat(list.get(list.size() - 1).textValue()).endsWith("the end");
        }
    }

    @Test
    void what_comes_behind_a_big_document_comes_after_it() {
        List<String> heard = new ArrayList<>();
        HostilePeer.Attack attack = (out, words) -> {
            say(out, "{\"event\":\"BEFORE\"}");
            nested(out, "{\"id\":1,\"return\":\"", 5 << 20, "x".repeat(100));
            say(out, "\"}{\"event\":\"BEHIND\"}{\"id\":9,\"return\":{}}");
        };
        try (HostilePeer peer = HostilePeer.afterACommand(attack)) {
            QmpClientOptions inOrder = QmpClientOptions.builder()
                    .callbackExecutor(Runnable::run)
                    .eventListener(event -> heard.add(event.name()))
                    .build();
            QmpClient client = Await.value(QmpClient.connect(QmpAddress.unix(peer.path()), inOrder));
            CompletableFuture<Void> big = client.execute("query-block")
                    .thenAccept(
                            result -> heard.add("reply of " + result.textValue().length()));
            Await.value(big);
            Await.value(client.closeAsync());
            assertThat(heard.subList(0, 2)).containsExactly("BEFORE", "reply of " + (5 << 20) / 100 * 100);
        }
    }

    @Test
    void a_greeting_that_never_ends_is_given_up_with_the_greeting_timeout() {
        try (HostilePeer peer = HostilePeer.from((out, words) -> {
            while (true) {
                HostilePeer.repeat(out, " \n", 1000);
            }
        })) {
            QmpClientOptions impatient = QmpClientOptions.builder()
                    .greetingTimeout(Duration.ofMillis(300))
                    .build();
            ConnectFailedException failure = Await.failure(
                    QmpClient.connect(QmpAddress.unix(peer.path()), impatient), ConnectFailedException.class);
            assertThat(failure.reason()).isEqualTo(Reason.BUSY);
        }
    }

    @Test
    void a_greeting_too_large_to_be_one_is_no_qmp() {
        try (HostilePeer peer = HostilePeer.from((out, words) -> {
            nested(out, "{\"QMP\":{\"version\":{\"package\":\"", 3 << 20, "x".repeat(1000));
            say(out, "\"}}}");
            words.next();
        })) {
            ConnectFailedException failure = Await.failure(connecting(peer, LIMITS), ConnectFailedException.class);
            assertThat(failure.reason()).isEqualTo(Reason.NOT_QMP);
        }
    }

    @Test
    void commands_to_a_peer_that_answers_nothing_are_bounded_and_the_next_one_is_refused_unsent() {
        try (HostilePeer peer = HostilePeer.afterACommand((out, words) -> {});
                QmpClient client = Await.value(connecting(peer, LIMITS.withPendingCommands(5)))) {
            List<CompletableFuture<JsonNode>> waiting = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                waiting.add(client.execute("stop", null, Duration.ZERO));
            }
            CommandNotSentException refused = Await.failure(client.execute("cont"), CommandNotSentException.class);
            assertThat(refused).hasMessageContaining("5 commands to answer already");
            // One that is given up before it was sent gives its place back; the sent one would not.
            waiting.get(4).cancel(true);
            CompletableFuture<JsonNode> sixth = client.execute("cont", null, Duration.ZERO);
            Await.failure(client.execute("cont"), CommandNotSentException.class);
            assertThat(sixth).isNotDone();
        }
    }

    @Test
    void arguments_that_cannot_be_written_fail_their_command_unsent_and_the_next_one_goes() {
        ObjectNode half = JsonNodeFactory.instance.objectNode().put("device", "half a character: \ud800");
        CommandNotSentException refused =
                Await.failure(served.client.execute("block-stream", half), CommandNotSentException.class);

        assertThat(refused).hasMessageContaining("surrogate");
        assertThat(served.client.statistics().commandsSent()).isPositive();
    }
}
