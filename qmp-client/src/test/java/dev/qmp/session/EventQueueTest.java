package dev.qmp.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.qmp.error.EventsLostException;
import dev.qmp.wire.Message.Event;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EventQueueTest {

    private final List<String> seen = new ArrayList<>();
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private int ends;

    private final EventQueue.Sink sink = new EventQueue.Sink() {
        @Override
        public boolean event(Event event) {
            return seen.add(event.name());
        }

        @Override
        public void ended(@Nullable Throwable cause) {
            seen.add("end: " + (cause == null ? "in order" : cause.getMessage()));
        }
    };

    private EventQueue queue(int capacity, Overflow overflow) {
        return new EventQueue(capacity, overflow, new Callbacks(tasks::add), sink, () -> ends++);
    }

    private void work() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private static void offer(EventQueue queue, String... names) {
        for (String name : names) {
            queue.offer(new Event(name, JsonNodeFactory.instance.objectNode(), null));
        }
    }

    @Test
    void nothing_runs_on_the_thread_that_offers() {
        EventQueue queue = queue(3, Overflow.DROP_OLDEST);
        queue.request(Long.MAX_VALUE);
        offer(queue, "A", "B");

        assertThat(seen).isEmpty();
        work();
        assertThat(seen).containsExactly("A", "B");
    }

    @Test
    void no_more_is_delivered_than_was_asked_for() {
        EventQueue queue = queue(10, Overflow.DROP_OLDEST);
        offer(queue, "A", "B", "C");
        queue.request(2);
        work();
        assertThat(seen).containsExactly("A", "B");
        queue.request(1);
        work();
        assertThat(seen).containsExactly("A", "B", "C");
    }

    @Test
    void drop_oldest_makes_room_and_counts() {
        EventQueue queue = queue(2, Overflow.DROP_OLDEST);
        offer(queue, "A", "B", "C", "D");
        queue.request(Long.MAX_VALUE);
        work();

        assertThat(seen).containsExactly("C", "D");
        assertThat(queue.dropped()).isEqualTo(2);
        assertThat(queue.delivered()).isEqualTo(2);
    }

    @Test
    void drop_newest_keeps_what_waits_and_counts() {
        EventQueue queue = queue(2, Overflow.DROP_NEWEST);
        offer(queue, "A", "B", "C", "D");
        queue.request(Long.MAX_VALUE);
        work();

        assertThat(seen).containsExactly("A", "B");
        assertThat(queue.dropped()).isEqualTo(2);
    }

    @Test
    void end_ends_with_an_error_after_what_was_queued() {
        EventQueue queue = queue(2, Overflow.END);
        offer(queue, "A", "B", "C", "D");
        queue.request(Long.MAX_VALUE);
        work();

        assertThat(seen).hasSize(3).startsWith("A", "B");
        assertThat(seen.get(2)).startsWith("end: the subscriber is too slow");
        assertThat(ends).isEqualTo(1);
        assertThatThrownBy(() -> queue.ended().toCompletableFuture().join()).hasCause(new EventsLostException(2));
    }

    @Test
    void the_end_comes_after_the_last_event_and_once() {
        EventQueue queue = queue(5, Overflow.DROP_OLDEST);
        queue.request(Long.MAX_VALUE);
        offer(queue, "A");
        queue.end(null);
        queue.end(new IllegalStateException("again"));
        offer(queue, "too late");
        work();

        assertThat(seen).containsExactly("A", "end: in order");
        assertThat(queue.ended().toCompletableFuture()).isCompleted();
    }

    @Test
    void closing_discards_what_waits() {
        EventQueue queue = queue(5, Overflow.DROP_OLDEST);
        offer(queue, "A");
        queue.close();
        queue.request(1);
        work();

        assertThat(seen).containsExactly("end: in order");
    }
}
