package dev.qmp.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectionLostException;
import dev.qmp.error.ProtocolViolationException;
import dev.qmp.error.QmpException;
import dev.qmp.session.TrafficListener.Direction;
import dev.qmp.transport.DescriptorSet;
import dev.qmp.transport.Link;
import dev.qmp.transport.LinkListener;
import dev.qmp.transport.PeerCredentials;
import dev.qmp.wire.Message;
import dev.qmp.wire.Message.Event;
import dev.qmp.wire.Message.Greeting;
import dev.qmp.wire.MessageCodec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A conversation with one monitor or guest agent, from its link's opening to its end.
 *
 * <p>All state is confined to the link's loop and its fields are plain. The public methods may be called on any thread;
 * they hop to the loop. What they return completes on the callback executor. An ended session stays ended.
 */
public final class Session implements LinkListener {

    private final SessionOptions options;
    private final PeerProfile profile;
    private final Intake intake;
    private final TrafficTap traffic;
    private final EventHub hub;
    private final Counters counters = new Counters();
    private final Dialogue dialogue;
    private final Callbacks callbacks;
    private final CommandDesk desk;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile @Nullable Link link;
    private volatile Optional<PeerCredentials> peer = Optional.empty();
    private boolean over;
    private boolean closing;
    private @Nullable ProtocolViolationException violation;

    private Session(PeerProfile profile, String address, SessionOptions options) {
        this.options = options;
        this.profile = profile;
        this.intake = new Intake(new MessageCodec(options.limits()), this::dispatch, this::violate);
        this.traffic = new TrafficTap(options.trafficListener(), options.callbackExecutor());
        this.callbacks = new Callbacks(options.callbackExecutor());
        this.hub = new EventHub(options.eventQueue(), options.overflow(), options.replay(), callbacks);
        this.dialogue = profile.dialogue(address, options, counters, new Wire());
        this.desk =
                new CommandDesk(profile, options.limits().pendingCommands(), dialogue, counters, callbacks, this::link);
        Consumer<Event> early = options.eventListener();
        if (early != null) {
            hub.subscribe(SubscriptionOptions.DEFAULT, event -> true, early);
        }
    }

    /**
     * Opens a link by {@code connector} and negotiates on it. Completes, on the callback executor, with a session that is
     * ready, or fails with a {@link dev.qmp.error.ConnectFailedException}, and then the link is closed.
     *
     * @param address for messages
     */
    public static CompletableFuture<Session> open(
            String address, Function<LinkListener, CompletableFuture<Link>> connector, SessionOptions options) {
        return open(PeerProfile.MONITOR, address, connector, options);
    }

    /** As {@link #open(String, Function, SessionOptions)}, with another kind of peer. */
    public static CompletableFuture<Session> open(
            PeerProfile profile,
            String address,
            Function<LinkListener, CompletableFuture<Link>> connector,
            SessionOptions options) {
        Session session = new Session(profile, address, options);
        CompletableFuture<Session> ready = new CompletableFuture<>();
        session.dialogue.opened().whenComplete((greeting, failure) -> {
            if (failure == null) {
                session.callbacks.run(() -> {
                    if (!ready.complete(session)) {
                        session.closeAsync();
                    }
                });
            } else {
                session.afterLink(() -> ready.completeExceptionally(failure));
            }
        });
        connector.apply(session).whenComplete((link, failure) -> {
            if (failure != null) {
                session.dialogue.fail(failure);
            }
        });
        return ready;
    }

    /**
     * What the peer said first.
     *
     * @throws IllegalStateException where it is one that does not greet
     */
    public Greeting greeting() {
        return dialogue.opened().join().orElseThrow(() -> new IllegalStateException("this peer does not greet"));
    }

    /** The process on the other end, as far as the kernel tells. */
    public Optional<PeerCredentials> peer() {
        return peer;
    }

    private Link link() {
        Link opened = link;
        if (opened == null) {
            throw new IllegalStateException("the session has no link yet");
        }
        return opened;
    }

    /** Sends a command; see the client for how it ends. A deadline of zero means none, a negative one is refused. */
    public CompletableFuture<JsonNode> execute(String command, @Nullable ObjectNode arguments, Duration deadline) {
        return execute(command, arguments, deadline, false);
    }

    /** As {@link #execute}, past the commands that wait and those that QEMU is busy with. */
    public CompletableFuture<JsonNode> executeOutOfBand(
            String command, @Nullable ObjectNode arguments, Duration deadline) {
        return execute(command, arguments, deadline, true);
    }

    private CompletableFuture<JsonNode> execute(
            String command, @Nullable ObjectNode arguments, Duration deadline, boolean outOfBand) {
        CompletableFuture<JsonNode> future = new CompletableFuture<>();
        start(new CommandDesk.Call(command, arguments, notNegative(deadline), outOfBand, null), future);
        return future;
    }

    /**
     * As {@link #execute(String, ObjectNode, Duration)}, with descriptors, which this call uses up: they are closed when the
     * kernel has them for QEMU, and when the command ends without.
     */
    public CompletableFuture<JsonNode> execute(
            String command, @Nullable ObjectNode arguments, Duration deadline, DescriptorSet descriptors) {
        Duration within = notNegative(deadline);
        DescriptorSet own = descriptors.handOver();
        CompletableFuture<JsonNode> future = new CompletableFuture<>();
        future.whenComplete((result, failure) -> own.close()); // does nothing once the link has them
        start(new CommandDesk.Call(command, arguments, within, false, own), future);
        return future;
    }

    private void start(CommandDesk.Call call, CompletableFuture<JsonNode> future) {
        onLoop(() -> desk.start(call, future));
    }

    private static Duration notNegative(Duration deadline) {
        if (deadline.isNegative()) {
            throw new IllegalArgumentException("a deadline is not negative: " + deadline);
        }
        return deadline;
    }

    /** What was sent and is not answered, given up or not, in the order of sending. */
    public List<OutstandingCommand> outstanding() {
        return desk.outstanding();
    }

    public Flow.Publisher<Event> events(SubscriptionOptions wanted) {
        return hub.publisher(wanted);
    }

    public EventSubscription subscribe(
            SubscriptionOptions wanted, Predicate<Event> predicate, Consumer<Event> listener) {
        return hub.subscribe(wanted, predicate, listener);
    }

    public SessionStatistics statistics() {
        return counters.snapshot();
    }

    /** Completes when the link is closed: normally after a close of ours or a {@code quit}, else with the cause. */
    public CompletionStage<Void> ended() {
        return ended.minimalCompletionStage();
    }

    /** Ends the session in order: what is in flight has the close grace to be answered. */
    public CompletableFuture<Void> closeAsync() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        ended.whenComplete((done, failure) -> closed.complete(null));
        onLoop(this::beginClose);
        return closed;
    }

    // ---- the loop's side

    @Override
    public void opened(Link opened) {
        link = opened;
        peer = opened.peer();
        dialogue.begin(opened.loop());
    }

    @Override
    public void received(byte[] bytes, int offset, int length) {
        if (violation != null) {
            return;
        }
        try {
            dialogue.feed(bytes, offset, length, (document, from, size) -> {
                traffic.document(Direction.RECEIVED, document, from, size);
                if (readsElsewhere()) {
                    intake.document(document, from, size, link());
                } else {
                    requireNotice(size);
                    intake.here(document, from, size);
                }
            });
        } catch (ProtocolViolationException e) {
            intake.violation(e);
        }
    }

    /** Not in the handshake, where nothing big is said, and not with an agent, whose replies are known by what is around them. */
    private boolean readsElsewhere() {
        return profile == PeerProfile.MONITOR && dialogue.opened().isDone();
    }

    private void requireNotice(int size) {
        if (!dialogue.opened().isDone() && size > options.limits().noticeBytes()) {
            throw new ProtocolViolationException(
                    ProtocolViolationException.Kind.LIMIT_EXCEEDED,
                    "it sent a document of " + size + " bytes before any command was sent",
                    null);
        }
    }

    @Override
    public void closed(@Nullable Throwable cause) {
        intake.ended(() -> end(cause));
    }

    private void end(@Nullable Throwable cause) {
        if (over) {
            return;
        }
        over = true;
        boolean orderly = violation == null && (closing || desk.quitSent());
        QmpException why = violation != null ? violation : lost(cause);
        // A peer that judges us after its own handshake (TLS, ssh) is known to have refused only now.
        dialogue.fail(violation == null && cause instanceof ConnectFailedException ? cause : why);
        desk.lost(why);
        hub.end(orderly ? null : why);
        callbacks.run(() -> traffic.afterLast(() -> {
            if (orderly) {
                ended.complete(null);
            } else {
                ended.completeExceptionally(why);
            }
        }));
    }

    private ConnectionLostException lost(@Nullable Throwable cause) {
        String how = dialogue.insideDocument()
                ? "the connection ended in the middle of a document"
                : closing ? "the session was closed" : profile.called() + " closed the connection";
        return new ConnectionLostException(cause == null ? how : how + " (" + cause.getMessage() + ")", cause);
    }

    private void dispatch(Message message) {
        if (message instanceof Event event) {
            counters.event();
            Consumer<Event> tap = options.eventTap();
            if (tap != null) {
                tap.accept(event);
            }
            hub.publish(event);
        } else if (!dialogue.opened().isDone()) {
            dialogue.opening(message);
        } else if (message instanceof Greeting) {
            // The monitor is back where negotiations are. What was in flight may be dropped, events are missed, and
            // behind a relay (seen with a pty that is reopened, 7.2) it may even be another QEMU: a new session finds
            // out.
            throw new ProtocolViolationException(
                    ProtocolViolationException.Kind.GREETED_AGAIN,
                    profile.called() + " greeted again in the middle of the session: its monitor was reset",
                    null);
        } else {
            desk.answered(message);
            if (closing && desk.idle()) {
                closeLink();
            }
        }
    }

    private void violate(ProtocolViolationException e) {
        if (violation != null) {
            return;
        }
        violation = e;
        closeLink();
    }

    private void beginClose() {
        if (over || closing) {
            return;
        }
        closing = true;
        desk.shut();
        if (desk.idle()) {
            closeLink();
        } else {
            link().loop().schedule(this::closeLink, options.closeGrace());
        }
    }

    private void closeLink() {
        Link opened = link;
        if (opened != null) {
            opened.close();
        }
    }

    private void onLoop(Runnable action) {
        link().loop().execute(action);
    }

    /** Runs the action on the callback executor when there is no link, or none any more. */
    private void afterLink(Runnable action) {
        if (link == null) {
            callbacks.run(action);
        } else {
            ended.whenComplete((done, failure) -> action.run());
        }
    }

    /** The session as its dialogue sees it. */
    private final class Wire implements Dialogue.Line {

        @Override
        public void send(byte[] bytes, int from) {
            traffic.document(Direction.SENT, bytes, from, bytes.length - from);
            link().send(bytes);
        }

        @Override
        public void send(byte[] bytes, int from, DescriptorSet descriptors) {
            traffic.document(Direction.SENT, bytes, from, bytes.length - from);
            link().send(bytes, descriptors);
        }

        @Override
        public void close() {
            closeLink();
        }

        @Override
        public void resume() {
            desk.resume();
        }

        @Override
        public void forget(long id) {
            desk.forget(id);
        }
    }
}
