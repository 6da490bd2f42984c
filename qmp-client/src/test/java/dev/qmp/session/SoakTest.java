package dev.qmp.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.qmp.error.QmpException;
import dev.qmp.wire.Message.Event;
import dev.qmp.wire.WireLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Conversations with faults at random places, in memory: 450 in the build, or nine tenths of {@code -Dqmp.soak=10000}. Each
 * has a seed of its own, which a failure prints; {@code -Dqmp.soak.seed=N} begins with that one.
 */
@Timeout(600)
class SoakTest {

    static int conversations(int tenths) {
        return Integer.getInteger("qmp.soak", 500) * tenths / 10;
    }

    static long seed() {
        return Long.getLong("qmp.soak.seed", 4_000_000);
    }

    @Test
    void after_every_fault_each_future_is_done_once_with_its_own_reply_or_its_own_cause() {
        for (int i = 0; i < conversations(9); i++) {
            long seed = seed() + i;
            try {
                new Conversation(new Random(seed)).run();
            } catch (Throwable e) {
                throw new AssertionError("repeat it with -Dqmp.soak=10 -Dqmp.soak.seed=" + seed, e);
            }
        }
    }

    /** A command of the client's, told from all others by its number. */
    private static final class Call {
        final int number;
        final CompletableFuture<JsonNode> future;
        int ends;

        Call(int number, CompletableFuture<JsonNode> future) {
            this.number = number;
            this.future = future;
            future.whenComplete((result, failure) -> ends++);
        }
    }

    /** A command as the peer has it. */
    private record Asked(long id, int number) {}

    private static final class Ending implements Flow.Subscriber<Event> {
        int events;
        int ends;

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Event event) {
            assertThat(ends).isZero();
            events++;
        }

        @Override
        public void onError(Throwable cause) {
            ends++;
        }

        @Override
        public void onComplete() {
            ends++;
        }
    }

    private static final class Conversation {

        private static final String GREETING =
                "{\"QMP\":{\"version\":{\"qemu\":{\"micro\":0,\"minor\":2,\"major\":7},\"package\":\"\"},\"capabilities\":[]}}\r\n";

        private final Random random;
        private final ScriptedLink link = new ScriptedLink();
        private final List<Call> calls = new ArrayList<>();
        private final List<Asked> asked = new ArrayList<>();
        private final List<Long> answered = new ArrayList<>();
        private final Ending ending = new Ending();
        private int said;
        private @Nullable Session session;

        Conversation(Random random) {
            this.random = random;
        }

        void run() {
            CompletableFuture<Session> opened = open();
            opened.thenAccept(ready -> {
                session = ready;
                ready.events(SubscriptionOptions.DEFAULT).subscribe(ending);
            });
            handshake();
            if (session != null) {
                for (int steps = 5 + random.nextInt(40); steps > 0 && !link.closed; steps--) {
                    step(session);
                }
                end(session);
            }
            settle();
            assertThat(opened).isDone();
            assertThat(link.closed).as("the link is closed").isTrue();
            assertThat(link.loop.timers()).as("timers of what is still pending").isZero();
            if (session != null) {
                check(session);
            } else {
                failureOf(opened);
            }
        }

        private CompletableFuture<Session> open() {
            return Session.open(
                    "soak",
                    link::connect,
                    new SessionOptions(
                            Duration.ofSeconds(5),
                            Duration.ofSeconds(2),
                            1 + random.nextInt(8),
                            random.nextInt(9),
                            1 + random.nextInt(20),
                            Overflow.values()[random.nextInt(Overflow.values().length)],
                            random.nextInt(5),
                            WireLimits.DEFAULT
                                    .withDocumentBytes(4096)
                                    .withNoticeBytes(2048)
                                    .withNestingDepth(30)
                                    .withPendingCommands(12),
                            Runnable::run,
                            null,
                            event -> {}));
        }

        private void handshake() {
            switch (random.nextInt(12)) {
                case 0 -> fault();
                case 1 -> link.advance(Duration.ofSeconds(6));
                default -> {
                    event();
                    say(GREETING);
                }
            }
            if (!link.closed && random.nextInt(12) == 0) {
                fault();
            }
            if (link.nextSent() != null && !link.closed) {
                event();
                say(random.nextInt(15) == 0 ? refusal(0) : "{\"return\":{},\"id\":0}\r\n");
            }
        }

        private void step(Session open) {
            switch (random.nextInt(20)) {
                case 0, 1, 2, 3, 4 -> call(open);
                case 5, 6, 7, 8, 9 -> answer();
                case 10, 11 -> event();
                case 12 -> link.advance(Duration.ofSeconds(random.nextInt(20)));
                case 13 ->
                    calls.stream()
                            .skip(random.nextInt(calls.size() + 1))
                            .findFirst()
                            .ifPresent(c -> c.future.cancel(true));
                case 14 -> say(GREETING);
                case 15 -> say("{\"return\":{},\"id\":" + (answered.isEmpty() ? 99 : answered.get(0)) + "}");
                case 16 ->
                    say("{\"return\":{},\"id\":"
                            + List.of("77", "\"1\"", "null", "1.5", "[]", "1e99")
                                    .get(random.nextInt(6)) + "}");
                case 17 -> say(" \r\n\t ");
                default -> {
                    if (random.nextInt(6) == 0) {
                        fault();
                    }
                }
            }
            take();
        }

        private void call(Session open) {
            int number = calls.size();
            Duration deadline = Duration.ofSeconds(random.nextInt(4) * 5L);
            calls.add(new Call(
                    number,
                    open.execute(
                            "query-x", JsonNodeFactory.instance.objectNode().put("n", number), deadline)));
        }

        private void take() {
            for (JsonNode request = link.nextSent(); request != null; request = link.nextSent()) {
                asked.add(new Asked(
                        request.path("id").asLong(),
                        request.path("arguments").path("n").asInt()));
            }
        }

        private void answer() {
            if (asked.isEmpty()) {
                return;
            }
            Asked one = asked.remove(random.nextInt(asked.size()));
            answered.add(one.id());
            say(
                    random.nextInt(5) == 0
                            ? refusal(one.id())
                            : "{\"return\":{\"n\":" + one.number() + "},\"id\":" + one.id() + "}\r\n");
        }

        private static String refusal(long id) {
            return "{\"id\":" + id + ",\"error\":{\"class\":\"GenericError\",\"desc\":\"no\"}}\r\n";
        }

        private void event() {
            for (int i = random.nextInt(5); i > 0; i--) {
                say("{\"event\":\"E\",\"data\":{\"n\":" + said++ + "}}\r\n");
            }
        }

        /** Ends the session: by what is no QMP, by too much of it, or by the connection's end at any place. */
        private void fault() {
            switch (random.nextInt(8)) {
                case 0 -> say("garbage\u0000\u001b");
                case 1 -> say("{\"return\":{]}");
                case 2 -> say("{\"return\":\"" + "x".repeat(5000) + "\"}");
                case 3 -> say("{\"return\":" + "[".repeat(40));
                case 4 -> say("{\"event\":\"" + "X".repeat(3000) + "\"}");
                case 5 -> say("{\"error\":{\"class\":\"GenericError\",\"desc\":\"JSON parse error\"}}");
                case 6 -> {
                    say("{\"return\":{\"half\":");
                    breakOff(null);
                }
                default -> breakOff(new IOException("Connection reset by peer"));
            }
        }

        private void breakOff(@Nullable Throwable cause) {
            if (!link.closed) {
                link.ends(cause);
            }
        }

        private void end(Session open) {
            take();
            if (random.nextInt(3) == 0) {
                while (!asked.isEmpty() && !link.closed) {
                    answer();
                    take();
                }
            }
            switch (random.nextInt(3)) {
                case 0 -> breakOff(null);
                case 1 -> fault();
                default -> open.closeAsync();
            }
        }

        private void settle() {
            link.loop.run();
            link.advance(Duration.ofSeconds(10));
            breakOff(null);
            link.advance(Duration.ofSeconds(60));
        }

        /** In one piece or in many. */
        private void say(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            for (int from = 0; from < bytes.length; ) {
                int to = random.nextInt(3) == 0 ? bytes.length : Math.min(bytes.length, from + 1 + random.nextInt(60));
                link.hears(Arrays.copyOfRange(bytes, from, to));
                from = to;
            }
        }

        private void check(Session open) {
            for (Call call : calls) {
                assertThat(call.future).as("command %d", call.number).isDone();
                assertThat(call.ends).isEqualTo(1);
                Throwable failure = failureOf(call.future);
                if (failure == null) {
                    assertThat(call.future.join().path("n").asInt(-1))
                            .as("its own reply")
                            .isEqualTo(call.number);
                } else {
                    assertThat(failure).isInstanceOfAny(QmpException.class, CancellationException.class);
                }
            }
            assertThat(open.ended().toCompletableFuture()).isDone();
            assertThat(ending.ends).as("ends that the subscriber heard of").isEqualTo(1);
            SessionStatistics counted = open.statistics();
            assertThat(counted.replies() + counted.lateReplies()).isLessThanOrEqualTo(counted.commandsSent());
        }

        private static @Nullable Throwable failureOf(CompletableFuture<?> future) {
            try {
                future.join();
                return null;
            } catch (CancellationException e) {
                return e;
            } catch (CompletionException e) {
                return e.getCause();
            }
        }
    }
}
