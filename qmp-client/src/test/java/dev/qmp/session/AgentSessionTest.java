package dev.qmp.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.error.CommandFailedException;
import dev.qmp.error.CommandNotSentException;
import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.error.ProtocolViolationException;
import dev.qmp.wire.WireLimits;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The conversation with a guest agent, on a link without a socket and a clock that the test moves. */
class AgentSessionTest {

    private static final String COMPLAINT =
            "{\"error\": {\"class\": \"GenericError\", \"desc\": \"JSON parse error, stray '\\uFFFD'\"}}\n";

    private final ScriptedLink link = new ScriptedLink();

    private CompletableFuture<Session> open() {
        return Session.open(
                PeerProfile.GUEST_AGENT,
                "unix:/vm/qga.sock",
                link::connect,
                new SessionOptions(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(2),
                        1,
                        0,
                        100,
                        Overflow.DROP_OLDEST,
                        0,
                        WireLimits.DEFAULT.withDocumentBytes(4096),
                        Runnable::run,
                        null,
                        null));
    }

    private Session ready() {
        CompletableFuture<Session> opened = open();
        answerSync(sync());
        return opened.join();
    }

    /** The number of the sync that was sent next. */
    private long sync() {
        JsonNode request = link.nextSent();
        assertThat(request).as("something was sent").isNotNull();
        assertThat(request.path("execute").asText()).isEqualTo("guest-sync-delimited");
        assertThat(request.has("id")).isFalse();
        return request.path("arguments").path("id").asLong();
    }

    private void answerSync(long number) {
        link.saysBytes(COMPLAINT + "\u00ff{\"return\": " + number + "}\n");
    }

    private CompletableFuture<JsonNode> execute(Session session, String command, Duration deadline) {
        CompletableFuture<JsonNode> future = session.execute(command, null, deadline);
        link.loop.run();
        return future;
    }

    private CompletableFuture<JsonNode> execute(Session session, String command) {
        return execute(session, command, Duration.ofSeconds(30));
    }

    private void assertSent(String command) {
        assertThat(link.nextSent()).as("a command was sent").hasToString("{\"execute\":\"" + command + "\"}");
    }

    private void assertNothingSent() {
        assertThat(link.nextSent()).as("nothing was sent").isNull();
    }

    /** A session whose {@code guest-get-fsinfo} got no reply in time. */
    private Session afterADeadline() {
        Session session = ready();
        CompletableFuture<JsonNode> slow = execute(session, "guest-get-fsinfo", Duration.ofSeconds(10));
        assertSent("guest-get-fsinfo");
        link.advance(Duration.ofSeconds(10));
        assertThat(failureOf(slow, OutcomeUnknownException.class).reason())
                .isEqualTo(OutcomeUnknownException.Reason.DEADLINE_PASSED);
        return session;
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
    class The_first_sync {

        @Test
        void goes_out_behind_a_byte_0xFF_and_makes_the_session_ready_when_its_number_is_back() {
            CompletableFuture<Session> opened = open();
            long number = sync();
            assertThat(link.delimited()).isEqualTo(1);
            assertThat(opened).isNotDone();
            answerSync(number);

            Session session = opened.join();
            assertThat(session.statistics().unknownReplies())
                    .as("the complaint about the 0xFF is nobody's reply")
                    .isZero();
            assertThat(link.loop.timers()).as("no timer is left").isZero();
            assertThatThrownBy(session::greeting).isInstanceOf(IllegalStateException.class);
        }

        @Test
        void drops_and_counts_the_replies_of_an_earlier_client() {
            CompletableFuture<Session> opened = open();
            long number = sync();
            link.says("{\"return\": 17}\n{\"error\": {\"class\": \"GenericError\", \"desc\": \"no\"}}\n");
            link.saysBytes("\u00ff{\"return\": " + (number + 1) + "}\n");
            assertThat(opened).isNotDone();
            answerSync(number);

            assertThat(opened.join().statistics().unknownReplies()).isEqualTo(3);
        }

        @Test
        void is_not_taken_from_a_reply_without_the_0xFF() {
            CompletableFuture<Session> opened = open();
            link.says("{\"return\": " + sync() + "}\n");

            assertThat(opened).isNotDone();
        }

        @Test
        void reads_past_the_tail_of_a_reply_that_was_cut_in_two() {
            CompletableFuture<Session> opened = open();
            long number = sync();
            link.says("e-bytes\": 5}]}\n{\"return\": {}}\n{\"ret");
            answerSync(number);

            assertThat(opened.join()).isNotNull();
        }

        @Test
        void is_found_however_its_bytes_arrive() {
            CompletableFuture<Session> opened = open();
            for (char c : (COMPLAINT + "\u00ff{\"return\": " + sync() + "}\n").toCharArray()) {
                link.saysBytes(String.valueOf(c));
            }

            Session session = opened.join();
            CompletableFuture<JsonNode> ping = execute(session, "guest-ping");
            link.says("{\"return\": {}}\n");
            assertThat(ping.join()).isEmpty();
        }

        @Test
        void ends_as_a_silent_agent_when_nothing_comes_back_in_time() {
            CompletableFuture<Session> opened = open();
            link.advance(Duration.ofSeconds(5));

            ConnectFailedException failure = failureOf(opened, ConnectFailedException.class);
            assertThat(failure.reason()).isEqualTo(Reason.AGENT_SILENT);
            assertThat(failure).hasMessageContaining("within 5000 ms");
            assertThat(failure.hint().orElseThrow()).contains("does the agent run in the guest");
            assertThat(link.closed).isTrue();
        }

        @Test
        void tells_what_an_agent_said_that_has_no_such_command() {
            CompletableFuture<Session> opened = open();
            link.says("{\"error\": {\"class\": \"CommandNotFound\", \"desc\": \"Command has been disabled\"}}\n");
            link.advance(Duration.ofSeconds(5));

            assertThat(failureOf(opened, ConnectFailedException.class))
                    .hasMessageContaining("but \"Command has been disabled\"");
        }

        @Test
        void tells_a_monitor_from_an_agent() {
            CompletableFuture<Session> opened = open();
            link.says("{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 22, \"minor\": 2, \"major\": 7},"
                    + " \"package\": \"\"}, \"capabilities\": [\"oob\"]}}\r\n");

            ConnectFailedException failure = failureOf(opened, ConnectFailedException.class);
            assertThat(failure.reason()).isEqualTo(Reason.NOT_QMP);
            assertThat(failure).hasMessageContaining("is a QMP monitor");
            assertThat(link.closed).isTrue();
        }

        @Test
        void tells_a_connection_that_ends_instead() {
            CompletableFuture<Session> opened = open();
            link.ends(null);

            ConnectFailedException failure = failureOf(opened, ConnectFailedException.class);
            assertThat(failure.reason()).isEqualTo(Reason.NOT_QMP);
            assertThat(failure).hasMessageContaining("before it answered guest-sync-delimited");
        }
    }

    @Nested
    class Commands {

        @Test
        void bear_no_id_and_get_their_replies_in_order() {
            Session session = ready();
            CompletableFuture<JsonNode> first = execute(session, "guest-ping");
            CompletableFuture<JsonNode> second = execute(session, "guest-get-time");
            assertSent("guest-ping");
            assertNothingSent();
            link.says("{\"return\": {}}\n");
            assertSent("guest-get-time");
            link.says("{\"return\": 5}\n");

            assertThat(first.join()).isEmpty();
            assertThat(second.join().asInt()).isEqualTo(5);
            assertThat(link.delimited()).as("one sync is enough").isEqualTo(1);
            assertThat(session.statistics()).isEqualTo(new SessionStatistics(2, 2, 0, 0, 0));
        }

        @Test
        void take_an_error_without_an_id_for_their_refusal() {
            CompletableFuture<JsonNode> refused = execute(ready(), "guest-nonsense");
            link.says("{\"error\": {\"class\": \"CommandNotFound\", \"desc\": \"no such command\"}}\n");

            assertThat(failureOf(refused, CommandFailedException.class))
                    .hasMessage("guest-nonsense refused by the guest agent: no such command (CommandNotFound)");
        }

        @Test
        void have_an_unknown_outcome_when_the_connection_ends_first() {
            Session session = ready();
            CompletableFuture<JsonNode> freeze = execute(session, "guest-fsfreeze-freeze");
            link.ends(null);

            OutcomeUnknownException unknown = failureOf(freeze, OutcomeUnknownException.class);
            assertThat(unknown.reason()).isEqualTo(OutcomeUnknownException.Reason.CONNECTION_LOST);
            assertThat(unknown.hint().orElseThrow()).contains("thaw");
        }

        @Test
        void end_with_the_session_when_the_agent_says_what_is_not_json() {
            Session session = ready();
            link.says("garbage\n");

            assertThat(link.closed).isTrue();
            assertThat(session.ended().toCompletableFuture()).isDone();
            assertThat(failureOf(session.ended().toCompletableFuture(), ProtocolViolationException.class))
                    .hasMessageContaining("garbage");
        }
    }

    @Nested
    class After_a_deadline_that_passed {

        @Test
        void a_late_reply_is_dropped_and_counted_and_not_taken_for_the_next_commands() {
            Session session = afterADeadline();
            CompletableFuture<JsonNode> next = execute(session, "guest-get-time");
            long number = sync();
            assertThat(link.delimited()).isEqualTo(2);
            assertNothingSent();
            link.says("{\"return\": [\"late\"]}\n");
            answerSync(number);
            assertSent("guest-get-time");
            assertThat(next).isNotDone();
            link.says("{\"return\": 9}\n");

            assertThat(next.join().asInt()).isEqualTo(9);
            assertThat(session.statistics().lateReplies()).isEqualTo(1);
            assertThat(session.statistics().unknownReplies()).isZero();
        }

        @Test
        void nothing_is_asked_where_the_late_reply_has_come_before_the_next_command() {
            Session session = afterADeadline();
            link.says("{\"return\": [\"late\"]}\n");
            CompletableFuture<JsonNode> next = execute(session, "guest-ping");
            assertSent("guest-ping");
            link.says("{\"return\": {}}\n");

            assertThat(next.join()).isEmpty();
            assertThat(session.statistics().lateReplies()).isEqualTo(1);
        }

        @Test
        void a_cancelled_command_is_owed_its_reply_as_well() {
            Session session = ready();
            CompletableFuture<JsonNode> cancelled = execute(session, "guest-get-fsinfo");
            assertSent("guest-get-fsinfo");
            cancelled.cancel(false);
            CompletableFuture<JsonNode> next = execute(session, "guest-ping");
            link.says("{\"return\": [\"late\"]}\n");
            answerSync(sync());
            assertSent("guest-ping");
            link.says("{\"return\": {}}\n");

            assertThat(next.join()).isEmpty();
        }

        @Test
        void a_command_was_not_sent_whose_own_deadline_passes_before_the_agent_is_back() {
            Session session = afterADeadline();
            CompletableFuture<JsonNode> freeze = execute(session, "guest-fsfreeze-freeze");
            link.advance(Duration.ofSeconds(30));

            assertThat(failureOf(freeze, CommandNotSentException.class))
                    .hasMessageContaining("while the guest agent was busy with the command before it");
            answerSync(sync());
            assertNothingSent();
        }

        @Test
        void a_thaw_goes_out_at_once_behind_whatever_keeps_the_agent_busy() {
            Session session = afterADeadline();
            CompletableFuture<JsonNode> thaw = execute(session, "guest-fsfreeze-thaw");
            long number = sync();
            assertSent("guest-fsfreeze-thaw");
            link.says("{\"return\": 3}\n");
            assertThat(thaw).as("that was the late reply").isNotDone();
            answerSync(number);
            link.says("{\"return\": 2}\n");

            assertThat(thaw.join().asInt()).isEqualTo(2);
        }

        @Test
        void an_agent_that_was_started_anew_and_has_lost_all_before_is_synchronized_with_again() {
            Session session = afterADeadline();
            CompletableFuture<JsonNode> lost = execute(session, "guest-ping", Duration.ofSeconds(10));
            sync();
            link.advance(Duration.ofSeconds(10));
            failureOf(lost, CommandNotSentException.class);
            CompletableFuture<JsonNode> next = execute(session, "guest-ping");
            answerSync(sync());
            assertSent("guest-ping");
            link.says("{\"return\": {}}\n");

            assertThat(next.join()).isEmpty();
            assertThat(session.statistics().lateReplies()).isZero();
        }

        @Test
        void syncs_that_are_answered_late_are_taken_one_after_the_other() {
            Session session = afterADeadline();
            execute(session, "guest-ping", Duration.ofSeconds(10));
            long first = sync();
            link.advance(Duration.ofSeconds(10));
            CompletableFuture<JsonNode> next = execute(session, "guest-ping");
            long second = sync();
            answerSync(first);
            assertNothingSent();
            answerSync(second);
            assertSent("guest-ping");
            link.says("{\"return\": {}}\n");

            assertThat(next.join()).isEmpty();
            assertThat(session.statistics().unknownReplies()).isZero();
        }

        @Test
        void half_a_reply_that_was_cut_off_by_a_restart_does_not_end_the_session() {
            Session session = afterADeadline();
            link.says("{\"return\": [{\"name\": \"vd");
            CompletableFuture<JsonNode> next = execute(session, "guest-ping");
            answerSync(sync());
            assertSent("guest-ping");
            link.says("{\"return\": {}}\n");

            assertThat(next.join()).isEmpty();
        }
    }
}
