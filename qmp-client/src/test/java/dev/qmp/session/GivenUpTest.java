package dev.qmp.session;

import static dev.qmp.session.SessionBench.DEADLINE;
import static dev.qmp.session.SessionBench.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.error.CommandFailedException;
import dev.qmp.error.CommandNotSentException;
import dev.qmp.error.ConnectionLostException;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.error.OutcomeUnknownException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Commands whose caller waits no longer: in flight, and known. */
class GivenUpTest {

    private final SessionBench bench = new SessionBench();

    private CompletableFuture<JsonNode> expired(Session session, String command) {
        CompletableFuture<JsonNode> future = bench.execute(session, command);
        bench.link.advance(DEADLINE);
        OutcomeUnknownException unknown = failureOf(future, OutcomeUnknownException.class);
        assertThat(unknown.reason()).isEqualTo(Reason.DEADLINE_PASSED);
        return unknown.lateReply().orElseThrow().toCompletableFuture();
    }

    @Test
    void a_late_reply_ends_the_record_with_its_value_and_is_counted() {
        Session session = bench.ready();
        CompletableFuture<JsonNode> late = expired(session, "blockdev-add");
        assertThat(late).isNotDone();
        bench.returns(bench.sentId("blockdev-add"), "{\"node\": \"n1\"}");

        assertThat(late.join()).hasToString("{\"node\":\"n1\"}");
        assertThat(session.statistics().lateReplies()).isOne();
        assertThat(session.statistics().replies()).isZero();
    }

    @Test
    void a_late_refusal_ends_the_record_with_qemus_words() {
        Session session = bench.ready();
        CompletableFuture<JsonNode> late = expired(session, "blockdev-add");
        bench.link.says("{\"id\": " + bench.sentId("blockdev-add")
                + ", \"error\": {\"class\": \"GenericError\", \"desc\": \"Duplicate nodes with node-name='n1'\"}}");

        assertThat(failureOf(late, CommandFailedException.class).desc()).contains("Duplicate nodes");
    }

    @Test
    void the_end_of_the_connection_ends_the_record_too() {
        CompletableFuture<JsonNode> late = expired(bench.ready(), "blockdev-add");
        bench.link.ends(null);

        failureOf(late, ConnectionLostException.class);
    }

    @Test
    void who_completes_the_stage_by_force_changes_nobody_elses() {
        Session session = bench.ready();
        CompletableFuture<JsonNode> future = bench.execute(session, "blockdev-add");
        bench.link.advance(DEADLINE);
        OutcomeUnknownException unknown = failureOf(future, OutcomeUnknownException.class);
        unknown.lateReply().orElseThrow().toCompletableFuture().cancel(true);
        bench.returns(bench.sentId("blockdev-add"), "{}");

        assertThat(unknown.lateReply().orElseThrow().toCompletableFuture()).isCompleted();
    }

    @Test
    void what_is_out_is_listed_with_its_id_its_time_and_whether_it_was_given_up() {
        bench.inFlight = 3;
        Session session = bench.ready();
        Instant before = Instant.now();
        expired(session, "blockdev-add");
        bench.execute(session, "stop").cancel(false);
        bench.execute(session, "query-block").isDone();
        bench.link.loop.run();

        assertThat(session.outstanding())
                .extracting(OutstandingCommand::id, OutstandingCommand::command, OutstandingCommand::givenUp)
                .containsExactly(
                        tuple(1L, "blockdev-add", true), tuple(2L, "stop", true), tuple(3L, "query-block", false));
        assertThat(session.outstanding())
                .extracting(OutstandingCommand::sentAt)
                .allSatisfy(at -> assertThat(at).isBetween(before, Instant.now()));
        bench.returns(1, "{}");
        bench.returns(3, "{}");
        assertThat(session.outstanding()).extracting(OutstandingCommand::id).containsExactly(2L);
        bench.link.ends(null);
        assertThat(session.outstanding()).isEmpty();
    }

    @Test
    void what_waits_for_its_turn_is_not_out() {
        Session session = bench.ready();
        bench.execute(session, "first").isDone();
        bench.execute(session, "second").isDone();

        assertThat(session.outstanding())
                .extracting(OutstandingCommand::command)
                .containsExactly("first");
    }

    @Test
    void a_peer_that_answers_nothing_is_sent_sixty_four_and_then_nothing_until_it_answers() {
        Session session = bench.ready();
        for (int i = 1; i <= Window.GIVEN_UP; i++) {
            bench.execute(session, "query-status").cancel(false);
            assertThat(bench.sentId("query-status")).isEqualTo(i);
        }
        CompletableFuture<JsonNode> held = bench.execute(session, "query-name");
        bench.assertNothingSent();
        bench.link.advance(DEADLINE);
        failureOf(held, CommandNotSentException.class);
        assertThat(session.outstanding()).hasSize(Window.GIVEN_UP);

        CompletableFuture<JsonNode> next = bench.execute(session, "query-version");
        bench.returns(1, "{}");
        bench.returns(bench.sentId("query-version"), "{}");
        assertThat(next).isCompleted();
    }

    @Test
    void a_close_does_not_wait_for_what_was_given_up() {
        Session session = bench.ready();
        CompletableFuture<JsonNode> late = expired(session, "blockdev-add");
        CompletableFuture<Void> closed = session.closeAsync();
        bench.link.advance(Duration.ZERO);

        assertThat(closed).isCompleted();
        assertThat(late).isCompletedExceptionally();
    }

    @Test
    void quit_that_was_given_up_still_ends_with_the_connection() {
        CompletableFuture<JsonNode> late = expired(bench.ready(), "quit");
        bench.link.ends(null);

        assertThat(late).isCompleted();
    }
}
