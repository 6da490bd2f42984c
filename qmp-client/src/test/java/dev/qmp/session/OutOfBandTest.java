package dev.qmp.session;

import static dev.qmp.session.SessionBench.GREETING;
import static dev.qmp.session.SessionBench.NEGOTIATED;
import static dev.qmp.session.SessionBench.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.error.CommandNotSentException;
import dev.qmp.error.OutOfBandUnavailableException;
import dev.qmp.error.OutOfBandUnavailableException.Reason;
import dev.qmp.error.OutcomeUnknownException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Commands that overtake others, and what keeps the way open for them. */
class OutOfBandTest {

    private final SessionBench bench = new SessionBench();

    private Session negotiated() {
        bench.outOfBandInFlight = 7;
        return bench.ready();
    }

    @Test
    void it_is_enabled_where_it_is_wanted_and_offered() {
        bench.outOfBandInFlight = 7;
        bench.open();
        bench.link.says(GREETING);

        assertThat(bench.link.nextSent())
                .hasToString("{\"execute\":\"qmp_capabilities\",\"arguments\":{\"enable\":[\"oob\"]},\"id\":0}");
    }

    @Test
    void it_is_not_enabled_where_it_is_not_offered_and_then_one_command_goes_at_a_time_and_none_overtakes() {
        bench.outOfBandInFlight = 7;
        CompletableFuture<Session> opened = bench.open();
        bench.link.says(GREETING.replace("\"oob\"", ""));
        assertThat(bench.link.nextSent()).hasToString("{\"execute\":\"qmp_capabilities\",\"id\":0}");
        bench.link.says(NEGOTIATED);
        Session session = opened.join();

        CompletableFuture<JsonNode> refused = bench.overtake(session, "query-yank");
        assertThat(failureOf(refused, OutOfBandUnavailableException.class).reason())
                .isEqualTo(Reason.NOT_OFFERED);
        bench.assertNothingSent();
        bench.execute(session, "first").isDone();
        bench.execute(session, "second").isDone();
        bench.sentId("first");
        bench.assertNothingSent();
    }

    @Test
    void a_command_is_refused_before_it_is_sent_where_the_client_did_not_ask_for_it() {
        CompletableFuture<JsonNode> refused = bench.overtake(bench.ready(), "query-yank");

        assertThat(failureOf(refused, OutOfBandUnavailableException.class).reason())
                .isEqualTo(Reason.NOT_ASKED_FOR);
        bench.assertNothingSent();
    }

    @Test
    void a_command_overtakes_a_full_window_and_is_answered_first() {
        Session session = negotiated();
        List<CompletableFuture<JsonNode>> inBand = new ArrayList<>();
        for (int i = 1; i <= 9; i++) {
            inBand.add(bench.execute(session, "in-band-" + i));
        }
        CompletableFuture<JsonNode> overtaking = bench.overtake(session, "migrate-pause");

        for (int i = 1; i <= 7; i++) {
            assertThat(bench.sentId("in-band-" + i)).isEqualTo(i);
        }
        JsonNode overtaker = bench.link.nextSent();
        assertThat(overtaker).hasToString("{\"exec-oob\":\"migrate-pause\",\"id\":10}");
        bench.assertNothingSent();
        bench.returns(10, "\"first\"");
        assertThat(overtaking.join().asText()).isEqualTo("first");
        assertThat(inBand).noneMatch(CompletableFuture::isDone);

        bench.returns(1, "{}");
        assertThat(bench.sentId("in-band-8")).isEqualTo(8);
        bench.assertNothingSent();
    }

    @Test
    void replies_in_any_order_meet_their_commands() {
        Session session = negotiated();
        CompletableFuture<JsonNode> inBand = bench.execute(session, "in-band");
        CompletableFuture<JsonNode> first = bench.overtake(session, "query-yank");
        CompletableFuture<JsonNode> second = bench.overtake(session, "query-yank");
        bench.returns(3, "3");
        bench.returns(1, "1");
        bench.returns(2, "2");

        assertThat(inBand.join().intValue()).isOne();
        assertThat(first.join().intValue()).isEqualTo(2);
        assertThat(second.join().intValue()).isEqualTo(3);
    }

    @Test
    void commands_that_were_given_up_keep_their_place_so_that_qemus_queue_never_fills() {
        Session session = negotiated();
        for (int i = 1; i <= 7; i++) {
            bench.execute(session, "stuck-" + i).cancel(false);
            bench.sentId("stuck-" + i);
        }
        CompletableFuture<JsonNode> next = bench.execute(session, "next");
        bench.assertNothingSent();

        CompletableFuture<JsonNode> overtaking = bench.overtake(session, "yank");
        bench.returns(bench.sentId("yank"), "{}");
        assertThat(overtaking).isCompleted();
        bench.returns(1, "{}");
        bench.returns(bench.sentId("next"), "{}");
        assertThat(next).isCompleted();
    }

    @Test
    void a_peer_that_answers_none_of_them_gets_sixty_four_and_no_more() {
        Session session = negotiated();
        for (int i = 0; i < Window.GIVEN_UP; i++) {
            bench.overtake(session, "query-yank").cancel(false);
            bench.sentId("query-yank");
        }

        CompletableFuture<JsonNode> one = bench.overtake(session, "query-yank");
        assertThat(failureOf(one, CommandNotSentException.class)).hasMessageContaining("has not answered 64");
        bench.assertNothingSent();
        assertThat(bench.link.loop.timers()).as("no deadline is left behind").isZero();
    }

    @Test
    void a_close_waits_for_their_replies_too_and_a_lost_connection_leaves_their_outcome_unknown() {
        Session session = negotiated();
        CompletableFuture<JsonNode> overtaking = bench.overtake(session, "yank");
        CompletableFuture<Void> closed = session.closeAsync();
        bench.link.loop.run();
        assertThat(bench.link.closed).isFalse();
        bench.link.ends(null);

        failureOf(overtaking, OutcomeUnknownException.class);
        assertThat(closed).isCompleted();
    }
}
