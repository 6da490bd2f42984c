package dev.qmp.session;

import static dev.qmp.session.SessionBench.GREETING;
import static dev.qmp.session.SessionBench.NEGOTIATED;
import static dev.qmp.session.SessionBench.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.error.CommandNotSentException;
import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.error.ProtocolViolationException;
import dev.qmp.error.ProtocolViolationException.Kind;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** More than one greeting on one connection. */
class GreetingsTest {

    private static final String ALREADY_COMPLETE =
            "{\"id\": 0, \"error\": {\"class\": \"CommandNotFound\", \"desc\": \"Capabilities negotiation is already"
                    + " complete, command ignored\"}}\r\n";

    private final SessionBench bench = new SessionBench();

    @Test
    void one_that_comes_before_the_agreement_is_negotiated_with_too_and_the_refusal_of_that_is_nobodys_reply() {
        CompletableFuture<Session> opened = bench.open();
        bench.link.says(GREETING + GREETING);
        bench.sentId("qmp_capabilities");
        bench.sentId("qmp_capabilities");
        bench.link.says(NEGOTIATED);
        Session session = opened.join();
        CompletableFuture<JsonNode> status = bench.execute(session, "query-status");
        bench.link.says(ALREADY_COMPLETE);
        bench.returns(bench.sentId("query-status"), "{}");

        assertThat(status).isCompleted();
        assertThat(session.statistics().lateReplies()).isOne();
        assertThat(session.statistics().unknownReplies()).isZero();
        assertThat(bench.link.loop.timers()).isZero();
    }

    @Test
    void a_monitor_that_was_reset_and_has_forgotten_the_first_negotiation_agrees_to_the_second() {
        CompletableFuture<Session> opened = bench.open();
        bench.link.says(GREETING);
        bench.sentId("qmp_capabilities");
        bench.link.says(GREETING.replace("\"major\": 11", "\"major\": 12"));
        bench.sentId("qmp_capabilities");
        bench.link.says(NEGOTIATED);

        assertThat(opened.join().greeting().version().major()).isEqualTo(12);
    }

    @Test
    void one_that_is_begun_and_never_ends_is_told_from_a_monitor_that_is_busy() {
        CompletableFuture<Session> silent = bench.open();
        bench.link.advance(Duration.ofSeconds(5));
        assertThat(failureOf(silent, ConnectFailedException.class).reason()).isEqualTo(Reason.BUSY);

        SessionBench other = new SessionBench();
        CompletableFuture<Session> opened = other.open();
        other.link.says(GREETING.substring(0, 20));
        other.link.advance(Duration.ofSeconds(5));

        ConnectFailedException failure = failureOf(opened, ConnectFailedException.class);
        assertThat(failure.reason()).isEqualTo(Reason.TIMED_OUT);
        assertThat(failure).hasMessageContaining("began to greet and did not end");
        assertThat(other.link.closed).isTrue();
    }

    @Test
    void a_peer_that_greets_without_end_is_no_qmp_monitor() {
        CompletableFuture<Session> opened = bench.open();
        bench.link.says(GREETING.repeat(5));

        assertThat(failureOf(opened, ConnectFailedException.class).reason()).isEqualTo(Reason.NOT_QMP);
        assertThat(bench.link.closed).isTrue();
    }

    @Test
    void greetings_do_not_put_off_the_deadline_of_the_negotiation() {
        CompletableFuture<Session> opened = bench.open();
        bench.link.says(GREETING);
        bench.link.advance(Duration.ofSeconds(4));
        bench.link.says(GREETING);
        bench.link.advance(Duration.ofSeconds(1));

        assertThat(failureOf(opened, ConnectFailedException.class).reason()).isEqualTo(Reason.TIMED_OUT);
    }

    @Test
    void one_in_the_middle_ends_the_session_with_that_cause_and_no_command_waits_for_a_reply_that_was_dropped() {
        Session session = bench.ready();
        CompletableFuture<JsonNode> inFlight = bench.execute(session, "blockdev-add");
        CompletableFuture<JsonNode> waiting = bench.execute(session, "query-block");
        EventSubscription subscription = session.subscribe(SubscriptionOptions.DEFAULT, event -> true, event -> {});
        bench.link.says(GREETING);

        assertThat(failureOf(inFlight, OutcomeUnknownException.class).getCause())
                .hasMessageContaining("greeted again in the middle of the session");
        failureOf(waiting, CommandNotSentException.class);
        assertThat(failureOf(subscription.ended(), ProtocolViolationException.class)
                        .kind())
                .isEqualTo(Kind.GREETED_AGAIN);
        failureOf(bench.execute(session, "after"), CommandNotSentException.class);
        assertThat(bench.link.closed).isTrue();
    }
}
