package dev.qmp.session;

import static dev.qmp.session.SessionBench.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.error.ConnectionLostException;
import dev.qmp.error.EventsLostException;
import dev.qmp.wire.Message.Event;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Events and those who hear them. */
class EventsTest {

    private final SessionBench bench = new SessionBench();
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final List<String> heard = new ArrayList<>();

    private void emit(String... names) {
        for (String name : names) {
            bench.link.says("{\"event\": \"" + name + "\"}");
        }
    }

    private EventSubscription subscribe(Session session, SubscriptionOptions options) {
        return session.subscribe(options, event -> true, event -> heard.add(event.name()));
    }

    private void work() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** From here on user code runs when the test says {@link #work}. */
    private Session slow() {
        boolean[] ready = new boolean[1];
        bench.executor = task -> {
            if (ready[0]) {
                tasks.add(task);
            } else {
                task.run();
            }
        };
        Session session = bench.ready();
        ready[0] = true;
        return session;
    }

    @Test
    void a_late_subscriber_hears_the_last_events_first_and_then_the_new_ones() {
        bench.replay = 3;
        Session session = bench.ready();
        emit("A", "B", "C", "D");
        EventSubscription subscription = subscribe(session, SubscriptionOptions.DEFAULT.replay(10));
        assertThat(heard).containsExactly("B", "C", "D");
        emit("E");

        assertThat(heard).containsExactly("B", "C", "D", "E");
        assertThat(subscription.delivered()).isEqualTo(4);
    }

    @Test
    void a_subscriber_gets_no_more_of_the_past_than_it_asks_for_and_by_default_none() {
        bench.replay = 3;
        Session session = bench.ready();
        emit("A", "B", "C");
        subscribe(session, SubscriptionOptions.DEFAULT);
        assertThat(heard).isEmpty();
        subscribe(session, SubscriptionOptions.DEFAULT.replay(1));
        assertThat(heard).containsExactly("C");
    }

    @Test
    void a_replay_fills_a_short_queue_and_drops_nothing_by_itself() {
        bench.replay = 3;
        Session session = bench.ready();
        emit("A", "B", "C");
        EventSubscription subscription = subscribe(
                session, SubscriptionOptions.DEFAULT.replay(3).queue(2).overflow(Overflow.END));

        assertThat(heard).containsExactly("B", "C");
        assertThat(subscription.dropped()).isZero();
        assertThat(subscription.ended().toCompletableFuture()).isNotDone();
    }

    @Test
    void who_subscribes_after_the_end_hears_the_last_events_and_then_the_end() {
        bench.replay = 2;
        Session session = bench.ready();
        emit("A", "SHUTDOWN");
        bench.link.ends(null);
        EventSubscription subscription = subscribe(session, SubscriptionOptions.DEFAULT.replay(2));

        assertThat(heard).containsExactly("A", "SHUTDOWN");
        failureOf(subscription.ended(), ConnectionLostException.class);
    }

    @Test
    void each_subscriber_has_its_own_queue_its_own_policy_and_its_own_counters() {
        Session session = slow();
        EventSubscription oldest = subscribe(session, SubscriptionOptions.DEFAULT.queue(1));
        EventSubscription newest =
                subscribe(session, SubscriptionOptions.DEFAULT.queue(1).overflow(Overflow.DROP_NEWEST));
        EventSubscription ends =
                subscribe(session, SubscriptionOptions.DEFAULT.queue(1).overflow(Overflow.END));
        EventSubscription patient = subscribe(session, SubscriptionOptions.DEFAULT);
        emit("A", "B", "C");
        work();

        assertThat(heard).containsExactly("C", "A", "A", "A", "B", "C");
        assertThat(oldest.dropped()).isEqualTo(2);
        assertThat(newest.dropped()).isEqualTo(2);
        assertThat(failureOf(ends.ended(), EventsLostException.class).waiting()).isOne();
        assertThat(patient.delivered()).isEqualTo(3);
        assertThat(patient.dropped()).isZero();
        emit("D");
        work();
        assertThat(heard).hasSize(9).endsWith("D", "D", "D");
    }

    @Test
    void an_event_is_queued_before_the_future_of_a_reply_that_came_after_it_completes() {
        Session session = slow();
        EventSubscription subscription = subscribe(session, SubscriptionOptions.DEFAULT);
        CompletableFuture<JsonNode> stop = bench.execute(session, "stop");
        stop.thenRun(() -> heard.add("reply"));
        emit("STOP");
        bench.returns(bench.sentId("stop"), "{}");
        emit("RESUME");

        assertThat(stop).isNotDone();
        // The executor is one thread and first in, first out: what was queued first is handled first.
        work();
        assertThat(heard).containsSubsequence("STOP", "reply");
        assertThat(subscription.delivered()).isEqualTo(2);
    }

    @Test
    void a_throwing_predicate_or_reactive_subscriber_hurts_itself_alone() {
        Session session = bench.ready();
        EventSubscription predicate = session.subscribe(
                SubscriptionOptions.DEFAULT,
                event -> {
                    throw new IllegalStateException("predicate's own fault");
                },
                event -> heard.add("never"));
        Recorder throwing = new Recorder(true);
        session.events(SubscriptionOptions.DEFAULT).subscribe(throwing);
        subscribe(session, SubscriptionOptions.DEFAULT);
        emit("A", "B");

        assertThat(heard).containsExactly("onNext", "onError", "A", "B");
        assertThat(failureOf(predicate.ended(), IllegalStateException.class)).hasMessage("predicate's own fault");
        assertThat(session.ended().toCompletableFuture()).isNotDone();
    }

    @Test
    void a_subscriber_that_throws_at_the_end_keeps_the_end_from_nobody() {
        Session session = bench.ready();
        session.events(SubscriptionOptions.DEFAULT).subscribe(new Recorder(true));
        EventSubscription other = subscribe(session, SubscriptionOptions.DEFAULT);
        bench.link.ends(null);

        assertThat(heard).containsExactly("onError");
        failureOf(other.ended(), ConnectionLostException.class);
    }

    @Test
    void a_reactive_subscriber_gets_what_it_asks_for_and_can_count() {
        Session session = bench.ready();
        Recorder recorder = new Recorder(false);
        session.events(SubscriptionOptions.DEFAULT.queue(2)).subscribe(recorder);
        emit("A", "B", "C", "D");
        EventSubscription counters = (EventSubscription) recorder.subscription;

        assertThat(heard).containsExactly("onNext");
        assertThat(counters.delivered()).isOne();
        assertThat(counters.dropped()).isOne();
        recorder.subscription.request(1);
        assertThat(counters.delivered()).isEqualTo(2);
        recorder.subscription.cancel();
        assertThat(counters.ended().toCompletableFuture()).isCompleted();
    }

    @Test
    void numbers_that_make_no_sense_are_refused_at_once() {
        assertThatThrownBy(() -> SubscriptionOptions.DEFAULT.queue(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SubscriptionOptions.DEFAULT.replay(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    private final class Recorder implements Flow.Subscriber<Event> {

        private final boolean throwing;
        private Flow.@Nullable Subscription subscription;

        Recorder(boolean throwing) {
            this.throwing = throwing;
        }

        private void note(String what) {
            heard.add(what);
            if (throwing) {
                throw new IllegalStateException(what);
            }
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(1);
        }

        @Override
        public void onNext(Event event) {
            note("onNext");
        }

        @Override
        public void onError(Throwable cause) {
            note("onError");
        }

        @Override
        public void onComplete() {
            note("onComplete");
        }
    }
}
