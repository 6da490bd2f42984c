package dev.qmp.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.Deadline;
import dev.qmp.QmpClient;
import dev.qmp.error.CommandFailedException;
import dev.qmp.error.EventsLostException;
import dev.qmp.schema.QmpSchema;
import dev.qmp.session.EventSubscription;
import dev.qmp.session.OutstandingCommand;
import dev.qmp.session.SessionStatistics;
import dev.qmp.session.SubscriptionOptions;
import dev.qmp.transport.PeerCredentials;
import dev.qmp.transport.QmpAddress;
import dev.qmp.wire.Message.Event;
import dev.qmp.wire.Message.Greeting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A client whose QEMU is the test: it says when events come, and what each command is answered, at once or, for a command
 * that is held, when the test lets it. Everything runs inline on the test's thread.
 */
final class FakeClient implements QmpClient {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** A held command. */
    record Held(String command, CompletableFuture<JsonNode> reply) {
        void answer(String json) {
            reply.complete(json(json));
        }

        void fail(Throwable failure) {
            reply.completeExceptionally(failure);
        }
    }

    private final List<String> sent = new ArrayList<>();
    private final Map<String, String> answers = new HashMap<>();
    private final Map<String, Throwable> failures = new HashMap<>();
    private final Map<String, Runnable> before = new HashMap<>();
    private final List<String> held = new ArrayList<>();
    private final List<Held> waiting = new ArrayList<>();
    private final List<Subscription> subscriptions = new ArrayList<>();

    FakeClient() {
        jobs();
    }

    static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    // ---- what QEMU does

    /** The jobs that queries find from now on; single quotes stand for double ones. */
    void jobs(String... jobs) {
        answers.put("query-jobs", "[" + String.join(",", jobs) + "]");
    }

    /** What is not said of a block job is as it mostly is. */
    void blockJobs(String... jobs) {
        ArrayNode answer = JsonNodeFactory.instance.arrayNode();
        for (String job : jobs) {
            answer.add(((ObjectNode) json("{'type': 'stream', 'len': 0, 'offset': 0, 'busy': false, 'paused': false,"
                            + " 'speed': 0, 'io-status': 'ok', 'ready': false, 'status': 'running',"
                            + " 'auto-finalize': true, 'auto-dismiss': true}"))
                    .setAll((ObjectNode) json(job)));
        }
        answers.put("query-block-jobs", answer.toString());
    }

    void refuse(String command, String desc) {
        failures.put(command, new CommandFailedException(command, "GenericError", desc));
    }

    void accept(String command) {
        failures.remove(command);
    }

    void fail(String command, Throwable failure) {
        failures.put(command, failure);
    }

    /** Something that happens while the command runs, before its reply. */
    void during(String command, Runnable events) {
        before.put(command, events);
    }

    /** From now on the command is answered by {@link #release} only. */
    void hold(String command) {
        held.add(command);
    }

    /** The oldest held command of that name, to be answered now. */
    Held release(String command) {
        Held found = waiting.stream()
                .filter(h -> h.command().equals(command))
                .findFirst()
                .orElseThrow(() -> new AssertionError(command + " was not sent; sent: " + sent));
        waiting.remove(found);
        return found;
    }

    void emit(String name, String data) {
        Event event = new Event(name, json(data), null);
        List.copyOf(subscriptions).forEach(s -> s.offer(event));
    }

    /** Status changes of a job, one event each. */
    void status(String id, String... statuses) {
        for (String status : statuses) {
            emit("JOB_STATUS_CHANGE", "{'id': '" + id + "', 'status': '" + status + "'}");
        }
    }

    void endSession(@Nullable Throwable cause) {
        List.copyOf(subscriptions).forEach(s -> s.end(cause));
    }

    /** The overflow policy has thrown the subscriber out. */
    void overflow() {
        endSession(new EventsLostException(1));
    }

    void drop(long events) {
        subscriptions.forEach(s -> s.dropped += events);
    }

    // ---- what was asked of QEMU

    List<String> sent() {
        return List.copyOf(sent);
    }

    /** What was sent but for queries, and forgets everything that was sent. */
    List<String> commands() {
        List<String> commands =
                sent.stream().filter(c -> !c.startsWith("query-")).toList();
        sent.clear();
        return commands;
    }

    long sentOf(String command) {
        return sent.stream()
                .filter(c -> c.equals(command) || c.startsWith(command + " "))
                .count();
    }

    int subscribers() {
        return subscriptions.size();
    }

    // ---- the client

    @Override
    public CompletableFuture<JsonNode> execute(String command, @Nullable ObjectNode arguments) {
        sent.add(
                arguments == null || arguments.isEmpty()
                        ? command
                        : command + " " + arguments.toString().replace('"', '\''));
        Runnable meanwhile = before.get(command);
        if (meanwhile != null) {
            meanwhile.run();
        }
        if (held.contains(command)) {
            CompletableFuture<JsonNode> reply = new CompletableFuture<>();
            waiting.add(new Held(command, reply));
            return reply;
        }
        Throwable failure = failures.get(command);
        return failure != null
                ? CompletableFuture.failedFuture(failure)
                : CompletableFuture.completedFuture(
                        answers.containsKey(command)
                                ? json(answers.get(command))
                                : command.startsWith("query-")
                                        ? JsonNodeFactory.instance.arrayNode()
                                        : JsonNodeFactory.instance.objectNode());
    }

    @Override
    public CompletableFuture<JsonNode> execute(String command, @Nullable ObjectNode arguments, Deadline deadline) {
        return execute(command, arguments);
    }

    @Override
    public CompletableFuture<JsonNode> executeOutOfBand(
            String command, @Nullable ObjectNode arguments, Deadline deadline) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<OutstandingCommand> outstanding() {
        throw new UnsupportedOperationException();
    }

    @Override
    public EventSubscription subscribe(
            SubscriptionOptions wanted, Predicate<Event> predicate, Consumer<Event> listener) {
        Subscription subscription = new Subscription(predicate, listener);
        subscriptions.add(subscription);
        return subscription;
    }

    private final class Subscription implements EventSubscription {
        private final Predicate<Event> predicate;
        private final Consumer<Event> listener;
        private final CompletableFuture<Void> ended = new CompletableFuture<>();
        private long dropped;

        Subscription(Predicate<Event> predicate, Consumer<Event> listener) {
            this.predicate = predicate;
            this.listener = listener;
        }

        void offer(Event event) {
            if (predicate.test(event)) {
                listener.accept(event);
            }
        }

        void end(@Nullable Throwable cause) {
            subscriptions.remove(this);
            if (cause == null) {
                ended.complete(null);
            } else {
                ended.completeExceptionally(cause);
            }
        }

        @Override
        public long delivered() {
            throw new UnsupportedOperationException();
        }

        @Override
        public long dropped() {
            return dropped;
        }

        @Override
        public CompletionStage<Void> ended() {
            return ended.minimalCompletionStage();
        }

        @Override
        public void close() {
            end(null);
        }
    }

    @Override
    public QmpAddress address() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Greeting greeting() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<PeerCredentials> peer() {
        return Optional.empty();
    }

    @Override
    public CompletableFuture<QmpSchema> schema() {
        return execute("query-qmp-schema").thenApply(QmpSchema::of);
    }

    @Override
    public Flow.Publisher<Event> events(SubscriptionOptions wanted) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SessionStatistics statistics() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Void> closed() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Void> closeAsync() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
