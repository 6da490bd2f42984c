package dev.qmp.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.error.CommandNotSentException;
import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectionLostException;
import dev.qmp.error.OutOfBandUnavailableException;
import dev.qmp.error.ProtocolViolationException;
import dev.qmp.error.QmpException;
import dev.qmp.session.TrafficListener.Direction;
import dev.qmp.transport.DescriptorSet;
import dev.qmp.transport.Link;
import dev.qmp.transport.LinkListener;
import dev.qmp.transport.PeerCredentials;
import dev.qmp.wire.Message;
import dev.qmp.wire.Message.Event;
import dev.qmp.wire.Message.Failure;
import dev.qmp.wire.Message.Greeting;
import dev.qmp.wire.Message.Reply;
import dev.qmp.wire.MessageCodec;
import dev.qmp.wire.Request;
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
    private final Endings endings;
    private final PendingCommands pending;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile @Nullable Link link;
    private volatile Optional<PeerCredentials> peer = Optional.empty();
    private long lastId = Handshake.NEGOTIATION_ID;
    private boolean over;
    private boolean closing;
    private boolean quitSent;
    private @Nullable ProtocolViolationException violation;

    private Session(PeerProfile profile, String address, SessionOptions options) {
        this.options = options;
        this.profile = profile;
        this.intake = new Intake(new MessageCodec(options.limits()), this::dispatch, this::violate);
        this.traffic = new TrafficTap(options.trafficListener(), options.callbackExecutor());
        this.callbacks = new Callbacks(options.callbackExecutor());
        this.hub = new EventHub(options.eventQueue(), options.overflow(), options.replay(), callbacks);
        this.dialogue = profile.dialogue(address, options, counters, new Wire());
        this.endings = new Endings(profile, callbacks);
        this.pending = new PendingCommands(
                dialogue::window,
                options.limits().pendingCommands(),
                profile,
                dialogue::maySend,
                this::send,
                endings::failed);
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
        if (deadline.isNegative()) {
            throw new IllegalArgumentException("a deadline is not negative: " + deadline);
        }
        CompletableFuture<JsonNode> future = new CompletableFuture<>();
        onLoop(() -> start(new Request(++lastId, command, arguments, outOfBand), deadline, future, null));
        return future;
    }

    /**
     * As {@link #execute(String, ObjectNode, Duration)}, with descriptors, which this call uses up: they are closed when the
     * kernel has them for QEMU, and when the command ends without.
     */
    public CompletableFuture<JsonNode> execute(
            String command, @Nullable ObjectNode arguments, Duration deadline, DescriptorSet descriptors) {
        if (deadline.isNegative()) {
            throw new IllegalArgumentException("a deadline is not negative: " + deadline);
        }
        DescriptorSet own = descriptors.handOver();
        CompletableFuture<JsonNode> future = new CompletableFuture<>();
        future.whenComplete((result, failure) -> own.close()); // does nothing once the link has them
        onLoop(() -> start(new Request(++lastId, command, arguments), deadline, future, own));
        return future;
    }

    /** What was sent and is not answered, given up or not, in the order of sending. */
    public List<OutstandingCommand> outstanding() {
        return pending.outstanding();
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
        boolean orderly = violation == null && (closing || quitSent);
        QmpException why = violation != null ? violation : lost(cause);
        // A peer that judges us after its own handshake (TLS, ssh) is known to have refused only now.
        dialogue.fail(violation == null && cause instanceof ConnectFailedException ? cause : why);
        endings.lost(pending.lost("the connection has ended", why), why);
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

    private void start(
            Request request,
            Duration deadline,
            CompletableFuture<JsonNode> future,
            @Nullable DescriptorSet descriptors) {
        if (future.isDone()) {
            return;
        }
        PendingCommand entry = new PendingCommand(request, future);
        if (over || closing) {
            endings.failed(entry, new CommandNotSentException(request.command(), "the session has ended", violation));
            return;
        }
        OutOfBandUnavailableException.Reason refusal = request.outOfBand() ? dialogue.outOfBandUnavailable() : null;
        if (refusal != null) {
            endings.failed(entry, new OutOfBandUnavailableException(request.command(), refusal));
            return;
        }
        if (descriptors != null && !link().passesDescriptors()) {
            endings.failed(entry, CommandNotSentException.cannotPassDescriptors(request.command()));
            return;
        }
        entry.descriptors = descriptors;
        if (!deadline.isZero()) {
            entry.deadline = link().loop().schedule(() -> pending.expired(entry, text(deadline)), deadline);
        }
        pending.add(entry);
        future.whenComplete((result, failure) -> {
            if (!entry.settled) {
                // Cancelled, or completed by its caller in another way: nobody waits for the reply any more.
                onLoop(() -> pending.abandoned(entry));
            }
        });
    }

    private void send(PendingCommand command) {
        counters.commandSent(); // first: who sees it at the other end may ask for the counters
        try {
            DescriptorSet descriptors = command.descriptors;
            if (descriptors == null) {
                dialogue.send(command.send());
            } else {
                dialogue.send(command.send(), descriptors);
            }
        } catch (IllegalArgumentException e) {
            counters.commandNotSent();
            throw e;
        }
        quitSent |= command.command().equals(Endings.QUIT);
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
        } else if (message instanceof Reply reply) {
            PendingCommand command = match(dialogue.answered(message));
            if (command != null) {
                endings.replied(command, reply.result());
            }
        } else if (message instanceof Failure failure) {
            PendingCommand command = match(dialogue.answered(message));
            if (command != null) {
                endings.refused(command, failure);
            }
        } else {
            // The monitor is back where negotiations are. What was in flight may be dropped, events are missed, and
            // behind a
            // relay (seen with a pty that is reopened, 7.2) it may even be another QEMU: a new session finds that out.
            throw new ProtocolViolationException(
                    ProtocolViolationException.Kind.GREETED_AGAIN,
                    profile.called() + " greeted again in the middle of the session: its monitor was reset",
                    null);
        }
    }

    private @Nullable PendingCommand match(@Nullable Long id) {
        if (id == null) {
            return null;
        }
        PendingCommand command = pending.answered(id);
        if (command == null) {
            counters.unknownReply();
        } else if (command.givenUp()) {
            counters.lateReply();
        } else {
            counters.reply();
            if (closing && pending.idle()) {
                closeLink();
            }
        }
        return command;
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
        pending.refuseWaiting("the session was closed", null);
        if (pending.idle()) {
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

    private static String text(Duration deadline) {
        long millis = deadline.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
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
            pending.sendWhatFits();
        }

        @Override
        public void forget(long id) {
            PendingCommand command = pending.forgotten(id);
            if (command != null) {
                endings.forgotten(command);
            }
        }
    }
}
