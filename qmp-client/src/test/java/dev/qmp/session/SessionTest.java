package dev.qmp.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.error.CommandFailedException;
import dev.qmp.error.CommandNotSentException;
import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import dev.qmp.error.ConnectionLostException;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.error.ProtocolViolationException;
import dev.qmp.wire.Message.Event;
import dev.qmp.wire.WireLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The conversation, on a link without a socket and a clock that the test moves. */
class SessionTest {

    private static final String GREETING =
            "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 3, \"minor\": 1, \"major\": 11}, \"package\": \"Debian\"},"
                    + " \"capabilities\": [\"oob\"]}}\r\n";
    private static final String NEGOTIATED = "{\"return\": {}, \"id\": 0}\r\n";

    private final ScriptedLink link = new ScriptedLink();
    private final List<String> earlyEvents = new ArrayList<>();
    private int window = 1;
    private int outOfBandWindow;

    private CompletableFuture<Session> open() {
        return Session.open(
                "unix:/vm/qmp.sock",
                link::connect,
                new SessionOptions(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(2),
                        window,
                        outOfBandWindow,
                        100,
                        Overflow.DROP_OLDEST,
                        0,
                        WireLimits.DEFAULT.withDocumentBytes(4096),
                        Runnable::run,
                        null,
                        event -> earlyEvents.add(event.name())));
    }

    private Session ready() {
        CompletableFuture<Session> opened = open();
        link.says(GREETING);
        assertThat(link.nextSent().toString()).isEqualTo("{\"execute\":\"qmp_capabilities\",\"id\":0}");
        link.says(NEGOTIATED);
        return opened.join();
    }

    private CompletableFuture<JsonNode> execute(Session session, String command) {
        CompletableFuture<JsonNode> future = session.execute(command, null, Duration.ofSeconds(30));
        link.loop.run();
        return future;
    }

    private long sentId(String command) {
        JsonNode request = link.nextSent();
        assertThat(request).as("a command was sent").isNotNull();
        assertThat(request.path("execute").asText()).isEqualTo(command);
        return request.path("id").asLong();
    }

    private static <T extends Throwable> T failureOf(CompletableFuture<?> future, Class<T> type) {
        assertThat(future).isCompletedExceptionally();
        try {
            future.join();
            throw new AssertionError("completed normally");
        } catch (CompletionException e) {
            assertThat(e.getCause()).isInstanceOf(type);
            return type.cast(e.getCause());
        }
    }

    @Nested
    class The_handshake {

        @Test
        void ends_ready_with_what_the_greeting_said() {
            Session session = ready();

            assertThat(session.greeting().version()).hasToString("11.1.3");
            assertThat(session.greeting().capabilities()).containsExactly("oob");
            assertThat(link.loop.timers()).as("no timer is left").isZero();
        }

        @Test
        void takes_events_before_the_greeting_and_before_the_reply_for_events() {
            CompletableFuture<Session> opened = open();
            link.says("{\"event\": \"STOP\", \"timestamp\": {\"seconds\": -1, \"microseconds\": -1}}\r\n");
            link.says(GREETING);
            link.says("{\"event\": \"RESUME\", \"timestamp\": {\"seconds\": 1, \"microseconds\": 5}}\r\n");
            assertThat(opened).isNotDone();
            link.says(NEGOTIATED);

            assertThat(opened.join().greeting().version().major()).isEqualTo(11);
            assertThat(earlyEvents).containsExactly("STOP", "RESUME");
        }

        @Test
        void ends_as_busy_when_no_greeting_comes_in_time() {
            CompletableFuture<Session> opened = open();
            link.advance(Duration.ofSeconds(5));

            ConnectFailedException failure = failureOf(opened, ConnectFailedException.class);
            assertThat(failure.reason()).isEqualTo(Reason.BUSY);
            assertThat(failure.hint().orElseThrow()).contains("one client at a time");
            assertThat(link.closed).isTrue();
        }

        @Test
        void tells_a_peer_that_is_no_qmp() {
            CompletableFuture<Session> opened = open();
            link.says("SSH-2.0-OpenSSH_9.2\r\n");

            ConnectFailedException failure = failureOf(opened, ConnectFailedException.class);
            assertThat(failure.reason()).isEqualTo(Reason.NOT_QMP);
            assertThat(failure).hasMessageContaining("SSH-2.0-OpenSSH_9.2");
            assertThat(link.closed).isTrue();
        }

        @Test
        void tells_a_peer_that_answers_before_it_greets() {
            CompletableFuture<Session> opened = open();
            link.says("{\"return\": {}}");

            assertThat(failureOf(opened, ConnectFailedException.class).reason()).isEqualTo(Reason.NOT_QMP);
        }

        @Test
        void tells_a_connection_that_ends_before_the_greeting() {
            CompletableFuture<Session> opened = open();
            link.ends(new IOException("Connection reset by peer"));

            ConnectFailedException failure = failureOf(opened, ConnectFailedException.class);
            assertThat(failure.reason()).isEqualTo(Reason.NOT_QMP);
            assertThat(failure).hasMessageContaining("before its greeting").hasMessageContaining("reset by peer");
        }

        @Test
        void tells_a_refused_negotiation_in_qemus_words() {
            CompletableFuture<Session> opened = open();
            link.says(GREETING);
            link.says("{\"id\": 0, \"error\": {\"class\": \"GenericError\", \"desc\": \"no thanks\"}}");

            ConnectFailedException failure = failureOf(opened, ConnectFailedException.class);
            assertThat(failure.reason()).isEqualTo(Reason.NEGOTIATION_REFUSED);
            assertThat(failure).hasMessageContaining("no thanks");
        }

        @Test
        void closes_a_session_that_its_caller_no_longer_wants() {
            CompletableFuture<Session> opened = open();
            opened.cancel(true);
            link.says(GREETING + NEGOTIATED);

            assertThat(link.closed).isTrue();
        }
    }

    @Nested
    class A_command {

        @Test
        void ends_with_its_reply() {
            CompletableFuture<JsonNode> status = execute(ready(), "query-status");
            link.says("{\"return\": {\"running\": true}, \"id\": " + sentId("query-status") + "}");

            assertThat(status.join().path("running").asBoolean()).isTrue();
            assertThat(link.loop.timers()).as("its deadline is taken back").isZero();
        }

        @Test
        void ends_with_qemus_refusal() {
            CompletableFuture<JsonNode> future = execute(ready(), "block-stream");
            link.says("{\"id\": " + sentId("block-stream")
                    + ", \"error\": {\"class\": \"DeviceNotFound\", \"desc\": \"Device 'x' not found\"}}");

            CommandFailedException failure = failureOf(future, CommandFailedException.class);
            assertThat(failure.command()).isEqualTo("block-stream");
            assertThat(failure.errorClass()).isEqualTo("DeviceNotFound");
            assertThat(failure.desc()).isEqualTo("Device 'x' not found");
        }

        @Test
        void that_was_sent_ends_unknown_at_its_deadline_and_its_late_reply_is_dropped_and_counted() {
            Session session = ready();
            CompletableFuture<JsonNode> slow = execute(session, "blockdev-add");
            long id = sentId("blockdev-add");
            link.advance(Duration.ofSeconds(30));

            assertThat(failureOf(slow, OutcomeUnknownException.class).reason())
                    .isEqualTo(OutcomeUnknownException.Reason.DEADLINE_PASSED);
            link.says("{\"return\": {}, \"id\": " + id + "}");
            assertThat(session.statistics().lateReplies()).isEqualTo(1);
            assertThat(session.statistics().unknownReplies()).isZero();

            CompletableFuture<JsonNode> next = execute(session, "query-status");
            link.says("{\"return\": {}, \"id\": " + sentId("query-status") + "}");
            assertThat(next).isCompleted();
        }

        @Test
        void that_waits_for_its_turn_ends_as_not_sent_at_its_deadline() {
            Session session = ready();
            execute(session, "first").isDone();
            CompletableFuture<JsonNode> second = session.execute("second", null, Duration.ofSeconds(3));
            sentId("first");
            assertThat(link.nextSent()).as("the window is one").isNull();
            link.advance(Duration.ofSeconds(3));

            assertThat(failureOf(second, CommandNotSentException.class)).hasMessageContaining("3 s");
            link.says("{\"return\": {}, \"id\": 1}");
            assertThat(link.nextSent()).as("it is never sent").isNull();
        }

        @Test
        void that_its_caller_cancels_frees_its_place_and_its_late_reply_is_dropped_and_counted() {
            Session session = ready();
            CompletableFuture<JsonNode> unwanted = execute(session, "query-block");
            CompletableFuture<JsonNode> next = execute(session, "query-status");
            long id = sentId("query-block");
            unwanted.cancel(false);
            long nextId = sentId("query-status");
            link.says("{\"return\": [], \"id\": " + id + "}{\"return\": {}, \"id\": " + nextId + "}");

            assertThat(next).isCompleted();
            assertThat(session.statistics().lateReplies()).isEqualTo(1);
        }

        @Test
        void that_is_cancelled_before_it_was_sent_is_never_sent() {
            Session session = ready();
            execute(session, "first").isDone();
            CompletableFuture<JsonNode> second = execute(session, "second");
            long first = sentId("first");
            second.cancel(false);
            link.says("{\"return\": {}, \"id\": " + first + "}");

            assertThat(link.nextSent()).isNull();
        }

        @Test
        void that_was_sent_has_an_unknown_outcome_when_the_connection_is_lost_and_a_waiting_one_was_not_sent() {
            Session session = ready();
            CompletableFuture<JsonNode> sent = execute(session, "sent");
            CompletableFuture<JsonNode> waiting = execute(session, "waiting");
            sentId("sent");
            link.ends(new IOException("Connection reset by peer"));

            OutcomeUnknownException unknown = failureOf(sent, OutcomeUnknownException.class);
            assertThat(unknown.reason()).isEqualTo(OutcomeUnknownException.Reason.CONNECTION_LOST);
            assertThat(unknown).hasCauseInstanceOf(ConnectionLostException.class);
            failureOf(waiting, CommandNotSentException.class);
            failureOf(execute(session, "after"), CommandNotSentException.class);
        }

        @Test
        void meets_its_own_reply_whatever_the_order() {
            window = 3;
            Session session = ready();
            CompletableFuture<JsonNode> a = execute(session, "a");
            CompletableFuture<JsonNode> b = execute(session, "b");
            long idA = sentId("a");
            long idB = sentId("b");
            link.says("{\"return\": \"of b\", \"id\": " + idB + "}{\"return\": \"of a\", \"id\": " + idA + "}");

            assertThat(a.join().asText()).isEqualTo("of a");
            assertThat(b.join().asText()).isEqualTo("of b");
        }
    }

    @Nested
    class The_session {

        @Test
        void drops_and_counts_replies_that_nobody_asked_for() {
            Session session = ready();
            CompletableFuture<JsonNode> one = execute(session, "query-name");
            long id = sentId("query-name");
            link.says("{\"return\": {}, \"id\": 4711}{\"return\": {}, \"id\": \"x\"}{\"return\": {}}");
            assertThat(one).isNotDone();
            String reply = "{\"return\": {}, \"id\": " + id + "}";
            link.says(reply + reply);

            assertThat(one).isCompleted();
            assertThat(session.statistics().unknownReplies()).isEqualTo(4);
            assertThat(session.statistics().replies()).isEqualTo(1);
        }

        @Test
        void ends_with_the_text_of_an_error_that_answers_no_command() {
            Session session = ready();
            CompletableFuture<JsonNode> sent = execute(session, "query-name");
            sentId("query-name");
            link.says("{\"error\": {\"class\": \"GenericError\", \"desc\": \"JSON parse error, stray 'x'\"}}");

            assertThat(failureOf(sent, OutcomeUnknownException.class).getCause())
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessageContaining("stray 'x'");
            assertThatThrownBy(() -> session.ended().toCompletableFuture().join())
                    .hasCauseInstanceOf(ProtocolViolationException.class);
        }

        @Test
        void ends_on_a_document_over_the_cap() {
            Session session = ready();
            link.says("{\"event\": \"" + "X".repeat(5000) + "\"}");

            assertThatThrownBy(() -> session.ended().toCompletableFuture().join())
                    .hasMessageContaining("over the cap of 4096 bytes");
            assertThat(link.closed).isTrue();
        }

        @Test
        void takes_quit_answered_by_the_end_of_the_connection_for_success() {
            Session session = ready();
            CompletableFuture<JsonNode> quit = execute(session, "quit");
            sentId("quit");
            link.ends(new IOException("Connection reset by peer"));

            assertThat(quit).isCompleted();
            assertThat(session.ended().toCompletableFuture()).isCompleted();
        }

        @Test
        void closes_after_what_is_in_flight_was_answered() {
            Session session = ready();
            CompletableFuture<JsonNode> sent = execute(session, "sent");
            CompletableFuture<JsonNode> waiting = execute(session, "waiting");
            long id = sentId("sent");
            CompletableFuture<Void> closed = session.closeAsync();
            link.advance(Duration.ZERO);
            assertThat(closed).isNotDone();
            failureOf(waiting, CommandNotSentException.class);
            link.says("{\"return\": {}, \"id\": " + id + "}");

            assertThat(sent).isCompleted();
            assertThat(closed).isCompleted();
            assertThat(session.ended().toCompletableFuture()).isCompleted();
        }

        @Test
        void closes_after_the_grace_when_an_answer_does_not_come() {
            Session session = ready();
            CompletableFuture<JsonNode> sent = execute(session, "sent");
            sentId("sent");
            CompletableFuture<Void> closed = session.closeAsync();
            link.loop.run();
            link.advance(Duration.ofSeconds(2));

            failureOf(sent, OutcomeUnknownException.class);
            assertThat(closed).isCompleted();
        }

        @Test
        void says_that_the_connection_ended_in_the_middle_of_a_document() {
            Session session = ready();
            link.says("{\"event\": \"ST");
            link.ends(null);

            assertThatThrownBy(() -> session.ended().toCompletableFuture().join())
                    .hasMessageContaining("in the middle of a document");
        }

        @Test
        void ends_every_subscription_with_its_cause_and_late_ones_at_once() {
            Session session = ready();
            List<String> seen = new ArrayList<>();
            EventSubscription early =
                    session.subscribe(SubscriptionOptions.DEFAULT, e -> true, e -> seen.add(e.name()));
            link.says("{\"event\": \"STOP\"}");
            link.ends(null);
            EventSubscription late =
                    session.subscribe(SubscriptionOptions.DEFAULT, e -> true, (Event e) -> seen.add("never"));

            assertThat(seen).containsExactly("STOP");
            assertThatThrownBy(() -> early.ended().toCompletableFuture().join())
                    .hasCauseInstanceOf(ConnectionLostException.class);
            assertThatThrownBy(() -> late.ended().toCompletableFuture().join())
                    .hasCauseInstanceOf(ConnectionLostException.class);
        }

        @Test
        void lets_a_throwing_listener_hurt_itself_alone() {
            Session session = ready();
            List<String> seen = new ArrayList<>();
            EventSubscription bad = session.subscribe(SubscriptionOptions.DEFAULT, e -> true, e -> {
                throw new IllegalStateException("listener's own fault");
            });
            EventSubscription good = session.subscribe(SubscriptionOptions.DEFAULT, e -> true, e -> seen.add(e.name()));
            link.says("{\"event\": \"STOP\"}{\"event\": \"RESUME\"}");

            assertThat(seen).containsExactly("STOP", "RESUME");
            assertThatThrownBy(() -> bad.ended().toCompletableFuture().join())
                    .hasRootCauseMessage("listener's own fault");
            assertThat(good.ended().toCompletableFuture()).isNotDone();
        }
    }
}
