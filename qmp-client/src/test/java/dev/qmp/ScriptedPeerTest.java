package dev.qmp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.error.CommandFailedException;
import dev.qmp.error.CommandNotSentException;
import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import dev.qmp.error.ConnectionLostException;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.error.ProtocolViolationException;
import dev.qmp.error.ProtocolViolationException.Kind;
import dev.qmp.fixtures.Eventually;
import dev.qmp.fixtures.fake.FakeQmpServer;
import dev.qmp.fixtures.fake.LineEnd;
import dev.qmp.fixtures.fake.Script;
import dev.qmp.qapi.BlockInfo;
import dev.qmp.qapi.QueryBlock;
import dev.qmp.transport.QmpAddress;
import dev.qmp.transport.TransportKind;
import dev.qmp.wire.WireLimits;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real QEMU cannot be made to do, over real sockets: each fault of a peer's, and what its client is told. */
@Timeout(60)
class ScriptedPeerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(150);

    private static CompletableFuture<QmpClient> connecting(FakeQmpServer server, QmpClientOptions options) {
        return QmpClient.connect(QmpAddress.parse(server.target()), options);
    }

    private static QmpClient connect(FakeQmpServer server) {
        return connect(server, QmpClientOptions.DEFAULT);
    }

    private static QmpClient connect(FakeQmpServer server, QmpClientOptions options) {
        return Await.value(connecting(server, options));
    }

    private static ConnectFailedException refused(Script script) {
        QmpClientOptions impatient =
                QmpClientOptions.builder().greetingTimeout(SHORT).build();
        try (FakeQmpServer server = FakeQmpServer.start(script)) {
            ConnectFailedException failure = Await.failure(connecting(server, impatient), ConnectFailedException.class);
            server.awaitEnd(0);
            return failure;
        }
    }

    private static String status(QmpClient client) {
        return Await.value(client.execute("query-status")).path("status").asText();
    }

    @ParameterizedTest
    @EnumSource(names = "KQUEUE", mode = EnumSource.Mode.EXCLUDE)
    void events_before_the_greeting_and_before_the_negotiations_reply_are_events(TransportKind kind) {
        List<String> heard = new CopyOnWriteArrayList<>();
        QmpClientOptions options = QmpClientOptions.builder()
                .transport(kind)
                .eventListener(event -> heard.add(event.name()))
                .build();
        Script script = Script.empty()
                .event("STOP")
                .greet()
                .expect("qmp_capabilities")
                .event("RESUME")
                .reply()
                .expect("query-status")
                .event("RESET")
                .reply("{'status':'running'}");
        try (FakeQmpServer server = FakeQmpServer.start(script);
                QmpClient client = connect(server, options)) {
            assertThat(status(client)).isEqualTo("running");
            Eventually.holds(PATIENCE, heard::toString, () -> heard.size() == 3);
            assertThat(heard).containsExactly("STOP", "RESUME", "RESET");
            server.assertFinished();
        }
    }

    @ParameterizedTest
    @EnumSource(names = "KQUEUE", mode = EnumSource.Mode.EXCLUDE)
    void a_conversation_byte_by_byte_is_the_same_conversation(TransportKind kind) {
        Script script = Script.empty()
                .bytewise()
                .greet()
                .negotiate()
                .expect("query-name")
                .reply("{'name':'G\u00e4nsebl\u00fcmchen \u20ac \ud83d\ude00'}");
        try (FakeQmpServer server = FakeQmpServer.start(script);
                QmpClient client = connect(
                        server, QmpClientOptions.builder().transport(kind).build())) {
            assertThat(Await.value(client.execute("query-name")).path("name").asText())
                    .isEqualTo("G\u00e4nsebl\u00fcmchen \u20ac \ud83d\ude00");
        }
    }

    @Test
    void documents_glued_together_without_line_ends_are_told_apart() {
        List<String> heard = new CopyOnWriteArrayList<>();
        Script script = Script.greeting()
                .negotiate()
                .expectAs("first", "query-status")
                .expectAs("second", "query-status")
                .lineEnd(LineEnd.NONE)
                .glued(together -> together.event("STOP")
                        .replyTo("first", "{'status':'paused'}")
                        .event("RESUME")
                        .replyTo("second", "{'status':'running'}"));
        try (FakeQmpServer server = FakeQmpServer.start(script);
                QmpClient client =
                        connect(server, QmpClientOptions.builder().inFlight(2).build())) {
            client.subscribe(event -> true, event -> heard.add(event.name()));
            CompletableFuture<JsonNode> first = client.execute("query-status");
            CompletableFuture<JsonNode> second = client.execute("query-status");

            assertThat(Await.value(first).path("status").asText()).isEqualTo("paused");
            assertThat(Await.value(second).path("status").asText()).isEqualTo("running");
            Eventually.holds(PATIENCE, heard::toString, () -> heard.equals(List.of("STOP", "RESUME")));
        }
    }

    @Test
    void a_typed_command_whose_future_is_cancelled_keeps_nobody_waiting() {
        Script script = Script.greeting()
                .negotiate()
                .expectAs("unwanted", "query-block")
                .hold("asked")
                .expect("query-status")
                .replyTo("unwanted", "[]")
                .reply("{'status':'running'}");
        try (FakeQmpServer server = FakeQmpServer.start(script);
                QmpClient client = connect(server)) {
            CompletableFuture<List<BlockInfo>> unwanted = client.execute(new QueryBlock());
            server.awaitHold("asked");
            unwanted.cancel(false);
            server.release("asked");

            assertThat(status(client)).isEqualTo("running");
            assertThat(client.statistics().lateReplies()).isEqualTo(1);
        }
    }

    @Test
    void a_pretty_monitors_many_lines_are_one_document() {
        Script script = Script.empty()
                .pretty()
                .greet()
                .negotiate()
                .expect("query-status")
                .reply("{'status':'running'}");
        try (FakeQmpServer server = FakeQmpServer.startTcp(script);
                QmpClient client = connect(server)) {
            assertThat(status(client)).isEqualTo("running");
        }
    }

    @Test
    void garbage_ends_the_session_and_leaves_the_command_in_flight_unknown_and_the_next_unsent() {
        Script script = Script.greeting().negotiate().expect("cont").raw("Segmentation fault\n");
        try (FakeQmpServer server = FakeQmpServer.start(script);
                QmpClient client = connect(server)) {
            CompletableFuture<JsonNode> inFlight = client.execute("cont");
            CompletableFuture<JsonNode> waiting = client.execute("stop");

            OutcomeUnknownException unknown = Await.failure(inFlight, OutcomeUnknownException.class);
            assertThat(unknown.reason()).isEqualTo(OutcomeUnknownException.Reason.CONNECTION_LOST);
            Await.failure(waiting, CommandNotSentException.class);
            assertThat(Await.failure(client.closed(), ProtocolViolationException.class)
                            .kind())
                    .isEqualTo(Kind.MALFORMED);
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void a_late_reply_is_dropped_and_counted_and_the_next_command_gets_its_own() {
        Script script = Script.greeting()
                .negotiate()
                .expectAs("slow", "query-status")
                .hold("deadline")
                .replyTo("slow", "{'status':'paused'}")
                .expectAs("next", "query-status")
                .replyTo("next", "{'status':'running'}");
        try (FakeQmpServer server = FakeQmpServer.start(script);
                QmpClient client = connect(server)) {
            OutcomeUnknownException passed =
                    Await.failure(client.execute("query-status", null, SHORT), OutcomeUnknownException.class);
            assertThat(passed.reason()).isEqualTo(OutcomeUnknownException.Reason.DEADLINE_PASSED);
            server.release("deadline");

            assertThat(status(client)).isEqualTo("running");
            assertThat(client.statistics().lateReplies()).isOne();
            assertThat(client.statistics().unknownReplies()).isZero();
        }
    }

    @Test
    void replies_to_nobody_and_duplicate_ones_are_dropped_and_counted() {
        Script script = Script.greeting()
                .negotiate()
                .expectAs("first", "query-status")
                .replyWithId("4711", "{'status':'wrong'}")
                .replyWithId("'text'", "{'status':'wrong'}")
                .replyTo("first", "{'status':'paused'}")
                .again()
                .expectAs("second", "query-status")
                .replyTo("second", "{'status':'running'}");
        try (FakeQmpServer server = FakeQmpServer.start(script);
                QmpClient client = connect(server)) {
            assertThat(status(client)).isEqualTo("paused");
            assertThat(status(client)).isEqualTo("running");
            assertThat(client.statistics().unknownReplies()).isEqualTo(3);
        }
    }

    @Test
    void replies_out_of_order_meet_their_commands() {
        Script script = Script.greeting()
                .negotiate()
                .expectAs("first", "query-status")
                .expectAs("second", "query-status")
                .failTo("second", "GenericError", "no second")
                .replyTo("first", "{'status':'paused'}");
        try (FakeQmpServer server = FakeQmpServer.start(script);
                QmpClient client =
                        connect(server, QmpClientOptions.builder().inFlight(2).build())) {
            CompletableFuture<JsonNode> first = client.execute("query-status");
            CompletableFuture<JsonNode> second = client.execute("query-status");

            assertThat(Await.failure(second, CommandFailedException.class).desc())
                    .isEqualTo("no second");
            assertThat(Await.value(first).path("status").asText()).isEqualTo("paused");
        }
    }

    @Test
    void an_error_without_id_ends_the_session_with_its_text() {
        Script script = Script.greeting()
                .negotiate()
                .expect("cont")
                .errorWithoutId("GenericError", "JSON parse error, expecting value");
        try (FakeQmpServer server = FakeQmpServer.start(script);
                QmpClient client = connect(server)) {
            Await.failure(client.execute("cont"), OutcomeUnknownException.class);

            ProtocolViolationException end = Await.failure(client.closed(), ProtocolViolationException.class);
            assertThat(end.kind()).isEqualTo(Kind.ERROR_WITHOUT_ID);
            assertThat(end).hasMessageContaining("JSON parse error, expecting value");
        }
    }

    @Test
    void an_end_in_the_middle_of_a_document_is_told_as_such() {
        Script script = Script.greeting()
                .negotiate()
                .expect("query-status")
                .cutShort(part -> part.reply("{'status':'running'}"));
        try (FakeQmpServer server = FakeQmpServer.start(script);
                QmpClient client = connect(server)) {
            OutcomeUnknownException unknown =
                    Await.failure(client.execute("query-status"), OutcomeUnknownException.class);
            assertThat(unknown.reason()).isEqualTo(OutcomeUnknownException.Reason.CONNECTION_LOST);
            assertThat(Await.failure(client.closed(), ConnectionLostException.class))
                    .hasMessageContaining("in the middle of a document");
        }
    }

    @Test
    void a_peer_that_falls_silent_is_told_by_the_deadline() {
        try (FakeQmpServer server =
                        FakeQmpServer.start(Script.greeting().negotiate().stall());
                QmpClient client = connect(
                        server, QmpClientOptions.builder().closeGrace(SHORT).build())) {
            CompletableFuture<JsonNode> status = client.execute("query-status", null, SHORT);

            assertThat(Await.failure(status, OutcomeUnknownException.class)).hasMessageContaining("150 ms");
            Await.value(client.closeAsync());
            server.assertFinished();
        }
    }

    @Test
    void a_peer_that_reads_nothing_holds_up_its_command_and_not_the_caller() {
        ObjectNode big = JsonNodeFactory.instance.objectNode().put("data", "x".repeat(8 << 20));
        Script script = Script.greeting()
                .negotiate()
                .stopReading("gate")
                .expect("ringbuf-write")
                .reply();
        try (FakeQmpServer server = FakeQmpServer.start(script);
                QmpClient client = connect(server)) {
            CompletableFuture<JsonNode> first = client.execute("ringbuf-write", big);
            assertThat(Await.failure(client.execute("query-status", null, SHORT), CommandNotSentException.class))
                    .hasMessageContaining("QEMU was busy");
            assertThat(first).isNotDone();

            server.release("gate");
            Await.value(first);
            server.assertFinished();
        }
    }

    @Test
    void a_document_of_60_megabytes_arrives_whole() {
        String quarter = "y".repeat(15_000_000);
        String array = "['" + String.join("','", quarter, quarter, quarter, quarter) + "']";
        Script script = Script.greeting().negotiate().expect("ringbuf-read").reply(array);
        try (FakeQmpServer server = FakeQmpServer.start(script);
                QmpClient client = connect(server)) {
            JsonNode result = Await.value(client.execute("ringbuf-read"));

            assertThat(result).hasSize(4);
            for (JsonNode part : result) {
                assertThat(part.textValue().equals(quarter)).isTrue();
            }
        }
    }

    @Test
    void a_document_over_the_cap_ends_the_session_before_it_is_held_in_memory() {
        QmpClientOptions small = QmpClientOptions.builder()
                .limits(WireLimits.DEFAULT.withDocumentBytes(1 << 20))
                .build();
        Script script = Script.greeting().negotiate().expect("ringbuf-read").reply("'" + "y".repeat(1 << 21) + "'");
        try (FakeQmpServer server = FakeQmpServer.start(script);
                QmpClient client = connect(server, small)) {
            Await.failure(client.execute("ringbuf-read"), OutcomeUnknownException.class);

            ProtocolViolationException end = Await.failure(client.closed(), ProtocolViolationException.class);
            assertThat(end.kind()).isEqualTo(Kind.LIMIT_EXCEEDED);
            assertThat(end).hasMessageContaining("1048576");
        }
    }

    @Test
    void nesting_without_end_ends_the_session() {
        Script script = Script.greeting()
                .negotiate()
                .expect("query-status")
                .raw("{\"return\":" + "[".repeat(5_000) + "]".repeat(5_000) + ",\"id\":1}");
        try (FakeQmpServer server = FakeQmpServer.start(script);
                QmpClient client = connect(server)) {
            Await.failure(client.execute("query-status"), OutcomeUnknownException.class);
            assertThat(Await.failure(client.closed(), ProtocolViolationException.class)
                            .kind())
                    .isEqualTo(Kind.LIMIT_EXCEEDED);
        }
    }

    @Test
    void quit_answered_by_the_end_of_the_connection_is_a_success() {
        try (FakeQmpServer server = FakeQmpServer.start(
                        Script.greeting().negotiate().expect("quit").close());
                QmpClient client = connect(server)) {
            Await.value(client.execute("quit"));
            Await.value(client.closed());
        }
    }

    @Test
    void a_peer_that_says_nothing_is_taken_for_a_busy_monitor() {
        ConnectFailedException failure = refused(Script.empty());

        assertThat(failure.reason()).isEqualTo(Reason.BUSY);
        assertThat(failure.hint().orElseThrow()).contains("one client at a time");
    }

    @Test
    void a_peer_that_greets_and_then_says_nothing_is_a_stuck_qemu() {
        assertThat(refused(Script.greeting().stall()).reason()).isEqualTo(Reason.TIMED_OUT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 400 Bad Request\r\n\r\n",
                "QEMU 7.2.22 monitor - type 'help' for more information\r\n(qemu) ",
                "SSH-2.0-OpenSSH_9.2\r\n",
                "{\"return\": {}}\r\n",
                "{\"hello\": 1}\r\n",
                "\u0000\u0001\u0002"
            })
    void something_that_speaks_another_language_is_no_qmp(String words) {
        assertThat(refused(Script.empty().raw(words).stall()).reason()).isEqualTo(Reason.NOT_QMP);
    }

    @Test
    void a_peer_that_hangs_up_instead_of_greeting_or_negotiating_is_told_as_such() {
        assertThat(refused(Script.empty().close())).hasMessageContaining("before its greeting");
        assertThat(refused(Script.greeting().expect("qmp_capabilities").close()))
                .hasMessageContaining("during the negotiation");
    }

    @Test
    void a_refused_negotiation_is_told_in_qemus_words() {
        ConnectFailedException failure = refused(Script.greeting()
                .expect("qmp_capabilities")
                .fail("CommandNotFound", "The command qmp_capabilities has not been found"));

        assertThat(failure.reason()).isEqualTo(Reason.NEGOTIATION_REFUSED);
        assertThat(failure).hasMessageContaining("has not been found");
    }
}
