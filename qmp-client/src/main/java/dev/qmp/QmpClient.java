package dev.qmp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.error.CommandNotSentException;
import dev.qmp.qapi.EventType;
import dev.qmp.qapi.QmpCommand;
import dev.qmp.qapi.QmpEvent;
import dev.qmp.schema.QmpSchema;
import dev.qmp.session.EventSubscription;
import dev.qmp.session.OutstandingCommand;
import dev.qmp.session.Replies;
import dev.qmp.session.SessionStatistics;
import dev.qmp.session.SubscriptionOptions;
import dev.qmp.transport.DescriptorSet;
import dev.qmp.transport.PeerCredentials;
import dev.qmp.transport.QmpAddress;
import dev.qmp.wire.Message.Event;
import dev.qmp.wire.Message.Greeting;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A session with one QEMU monitor. Thread-safe; nothing here blocks but {@link #close()}.
 *
 * <p>Futures complete and subscribers are called on the callback executor of {@link QmpClientOptions}, never on an I/O
 * thread. Cancelling a future stops the wait, not the command: QEMU may still run it, and it is {@link #outstanding} until
 * its late reply comes, which is counted. A session that has ended stays ended: connect again for another.
 */
public interface QmpClient extends AutoCloseable {

    /**
     * Connects, waits for the greeting and negotiates ("QEMU Machine Protocol Specification", "Capabilities Negotiation").
     *
     * <p>The future fails with {@link dev.qmp.error.ConnectFailedException}; whatever fails, nothing is left open.
     */
    static CompletableFuture<QmpClient> connect(QmpAddress address, QmpClientOptions options) {
        return SessionClient.connect(address, options, null);
    }

    /** {@link #connect(QmpAddress, QmpClientOptions)} with the default options. */
    static CompletableFuture<QmpClient> connect(QmpAddress address) {
        return connect(address, QmpClientOptions.DEFAULT);
    }

    /**
     * Waits for a QEMU that connects to us, as one does that was started with {@code -qmp unix:PATH,server=off}, and then
     * does as {@link #connect(QmpAddress, QmpClientOptions)}. When this returns, {@code where} listens, or the future has
     * failed: start QEMU then. Within the options' connect timeout it has to call; the first caller is the only one.
     *
     * <p>A UNIX socket is made with mode 0600, for QEMUs of this user and of root, and removed in the end. What is there
     * already stays and fails the future, unless it is a socket that a dead process of this user has left. A TCP port is open
     * to whoever reaches it. The future fails with {@link dev.qmp.error.ConnectFailedException}; whatever fails, nothing is
     * left open.
     *
     * @param where a UNIX socket or a TCP port of this host
     */
    static CompletableFuture<QmpClient> accept(QmpAddress where, QmpClientOptions options) {
        return SessionClient.accept(where, options);
    }

    /** The address that this client was connected to, or listened on. */
    QmpAddress address();

    /** What QEMU said first: its version and capabilities. */
    Greeting greeting();

    /** The process on the other end; empty over TCP and where the kernel does not tell. */
    Optional<PeerCredentials> peer();

    /**
     * Sends a command and completes with what QEMU returns. {@code deadline} counts from this call.
     *
     * <p>Fails with {@link dev.qmp.error.CommandFailedException} if QEMU refuses, with
     * {@link dev.qmp.error.CommandNotSentException} if the command never left this process, and with
     * {@link dev.qmp.error.OutcomeUnknownException} if it was sent and the deadline passed or the connection ended first.
     * {@code quit} answered by the end of the connection is a success.
     *
     * <p>A deadline that passes takes nothing back: the command stays in flight, {@link #outstanding} lists it, and
     * {@link dev.qmp.error.OutcomeUnknownException#lateReply()} tells its end. Sending it once more is the caller's choice,
     * who knows whether doing it twice does harm. At most 64 commands that were given up are out at a time (with
     * {@link QmpClientOptions#outOfBand()}, no more than the window holds): with that many the next ones wait for QEMU to
     * answer one, and fail as not sent at their deadlines.
     */
    CompletableFuture<JsonNode> execute(String command, @Nullable ObjectNode arguments, Deadline deadline);

    /** {@link #execute(String, ObjectNode, Deadline)} with a deadline of this length; zero means none. */
    default CompletableFuture<JsonNode> execute(String command, @Nullable ObjectNode arguments, Duration deadline) {
        return execute(command, arguments, Deadline.of(deadline));
    }

    /** {@link #execute(String, ObjectNode, Deadline)} with the deadline that the options have for this command. */
    CompletableFuture<JsonNode> execute(String command, @Nullable ObjectNode arguments);

    /** {@link #execute(String, ObjectNode)} without arguments. */
    default CompletableFuture<JsonNode> execute(String command) {
        return execute(command, null);
    }

    /**
     * Sends a command and completes with its reply as a value. Fails as {@link #execute(String, ObjectNode, Deadline)}
     * does, and with {@link dev.qmp.error.UnexpectedValueException} if QEMU did it and the reply is not of QAPI's type.
     */
    default <R> CompletableFuture<R> execute(QmpCommand<R> command, Deadline deadline) {
        return Replies.decoded(
                execute(command.commandName(), command.encodeArguments(), deadline), command::decodeReturn);
    }

    /** {@link #execute(QmpCommand, Deadline)} with a deadline of this length; zero means none. */
    default <R> CompletableFuture<R> execute(QmpCommand<R> command, Duration deadline) {
        return execute(command, Deadline.of(deadline));
    }

    /** {@link #execute(QmpCommand, Deadline)} with the deadline that the options have for this command. */
    default <R> CompletableFuture<R> execute(QmpCommand<R> command) {
        return Replies.decoded(execute(command.commandName(), command.encodeArguments()), command::decodeReturn);
    }

    /**
     * Sends a command past all that wait, here and in QEMU, even past one that QEMU is stuck in; it ends as those of
     * {@link #execute(String, ObjectNode, Deadline)} do. Few commands can: {@code migrate-pause}, {@code migrate-recover},
     * {@code yank} and {@code query-yank} (7.2 to 11.1).
     *
     * <p>Fails with {@link dev.qmp.error.OutOfBandUnavailableException}, and nothing is sent, where out-of-band was not
     * negotiated ({@link QmpClientOptions.Builder#outOfBand}), and where {@link #schema()} was asked for before and says
     * that this command is in-band only. Otherwise QEMU itself refuses such a command, at once.
     */
    CompletableFuture<JsonNode> executeOutOfBand(String command, @Nullable ObjectNode arguments, Deadline deadline);

    /** As {@link #executeOutOfBand(String, ObjectNode, Deadline)}, for a command whose type says whether it can. */
    default <R> CompletableFuture<R> executeOutOfBand(QmpCommand<R> command, Deadline deadline) {
        String name = command.commandName();
        return OutOfBand.mayBeAllowed(command)
                ? Replies.decoded(executeOutOfBand(name, command.encodeArguments(), deadline), command::decodeReturn)
                : OutOfBand.notAllowed(name);
    }

    /** {@link #executeOutOfBand(QmpCommand, Deadline)} with the default deadline. */
    default <R> CompletableFuture<R> executeOutOfBand(QmpCommand<R> command) {
        return executeOutOfBand(command, Deadline.DEFAULT);
    }

    /**
     * The commands that were sent and are not answered, in the order of sending: those that are awaited, and those that were
     * given up, by their deadline or their caller, and may still be run. Empty once the session has ended.
     */
    List<OutstandingCommand> outstanding();

    /**
     * Sends a command that file descriptors travel with, such as {@code add-fd} and {@code getfd}, with the deadline of the
     * options ("QEMU QMP Reference Manual", {@code add-fd}: with SCM_RIGHTS). QEMU then uses what it may not open itself, as
     * {@code /dev/fdset/N}.
     *
     * <p>The set is used up by this call: the descriptors are closed here once the kernel has them for QEMU, and just as well
     * if the command fails, is cancelled or is never sent. They reach QEMU with the first byte of this command and with no
     * other's. QEMU keeps only the last set that it was sent, so that such a command waits until none is in flight, and the
     * next one, of whatever kind, until this one is answered: a reply that never comes holds up all that are sent later.
     *
     * <p>Fails as {@link #execute(String, ObjectNode, Duration)} does, and with
     * {@link dev.qmp.error.CommandNotSentException} over a connection that carries bytes alone (TCP, and the transports
     * {@code NIO} and {@code KQUEUE}).
     *
     * @throws IllegalStateException where the set was used up or closed before
     */
    default CompletableFuture<JsonNode> execute(
            String command, @Nullable ObjectNode arguments, DescriptorSet descriptors) {
        descriptors.handOver().close();
        return CompletableFuture.failedFuture(CommandNotSentException.cannotPassDescriptors(command));
    }

    /** {@link #execute(String, ObjectNode, DescriptorSet)} with the reply as a value. */
    default <R> CompletableFuture<R> execute(QmpCommand<R> command, DescriptorSet descriptors) {
        return Replies.decoded(
                execute(command.commandName(), command.encodeArguments(), descriptors), command::decodeReturn);
    }

    /**
     * What this QEMU offers. Asked for once in a connection's life, when first needed; later calls share the answer. A failure
     * is not remembered: the next call asks again. With {@link QmpClientOptions#schemaCache()} an answer that was kept on
     * disk for the same program saves the question.
     *
     * <p>Fails as {@link #execute(String, ObjectNode)} of {@code query-qmp-schema} does; a peer without that command, such as
     * a guest agent, refuses with {@link dev.qmp.error.CommandFailedException}.
     */
    CompletableFuture<QmpSchema> schema();

    /**
     * Every event from the moment of subscribing on, in QEMU's order. Each subscriber has a bounded queue of its own
     * ({@link QmpClientOptions.Builder#eventQueue}, {@link QmpClientOptions.Builder#overflow}), and always hears
     * {@code onComplete} or {@code onError} in the end. A subscriber that throws is ended; nobody else is hurt. The
     * {@link Flow.Subscription} that it is given is an {@link EventSubscription}, which counts.
     *
     * <p><b>Events and replies.</b> Before a command's future completes, each event that came before its reply is in the
     * queue of each subscriber of that moment. It need not be handled by then: subscribers and futures do not wait for each
     * other. An event that came after the reply may be handled before the future's dependents run. So what a command causes is
     * seen by those who subscribe before they send it, and a reply alone does not tell that its events were handled.
     *
     * <p><b>Rate limits.</b> QEMU sends some events once a second at most: the first at once, then, when the second is over,
     * the last of those that came meanwhile; the others are never sent. They are {@code RTC_CHANGE}, {@code WATCHDOG},
     * {@code BALLOON_CHANGE}, {@code QUORUM_REPORT_BAD}, {@code QUORUM_FAILURE}, {@code VSERPORT_CHANGE} and
     * {@code MEMORY_DEVICE_SIZE_CHANGE} (7.2), {@code HV_BALLOON_STATUS_REPORT} and, but where the error stops the machine,
     * {@code BLOCK_IO_ERROR} in later versions. Some are limited for each device or node by itself. They tell of a state,
     * then, and cannot be counted.
     */
    default Flow.Publisher<Event> events() {
        return events(SubscriptionOptions.DEFAULT);
    }

    /** {@link #events()} for subscribers with a queue, a policy or a replay of their own. */
    Flow.Publisher<Event> events(SubscriptionOptions wanted);

    /**
     * Calls {@code listener} for each event that {@code predicate} accepts, in order, one at a time, on the callback
     * executor. The predicate is asked there as well. Both may throw: that ends this subscription alone. What holds of
     * {@link #events()} holds here.
     */
    default EventSubscription subscribe(Predicate<Event> predicate, Consumer<Event> listener) {
        return subscribe(SubscriptionOptions.DEFAULT, predicate, listener);
    }

    /** {@link #subscribe(Predicate, Consumer)} with a queue, a policy or a replay of its own. */
    EventSubscription subscribe(SubscriptionOptions wanted, Predicate<Event> predicate, Consumer<Event> listener);

    /**
     * As {@link #subscribe(Predicate, Consumer)}, and runs {@code gap} between two events where some may have been missed
     * because there was no connection. Only a {@link ReconnectingClient} has such gaps; that one's subscriptions go on behind
     * them. What a full queue drops is no gap: {@link EventSubscription#dropped()} counts it.
     */
    default EventSubscription subscribe(Predicate<Event> predicate, Consumer<Event> listener, Runnable gap) {
        return subscribe(predicate, listener);
    }

    /**
     * Calls {@code listener} with each event of one type, as {@link #subscribe(Predicate, Consumer)} does. An event whose
     * data are not what QAPI says ends the subscription with {@link dev.qmp.error.UnexpectedValueException}.
     */
    default <E extends QmpEvent> EventSubscription subscribe(EventType<E> type, Consumer<? super E> listener) {
        return subscribe(type::matches, event -> listener.accept(type.decode(event)));
    }

    SessionStatistics statistics();

    /** Completes when the session has ended: normally after a close in order, else exceptionally with the cause. */
    CompletionStage<Void> closed();

    /**
     * Ends the session. Commands that are not sent yet fail as not sent; those in flight have the options' close grace to
     * be answered, then fail as outcome unknown. Completes when the connection is closed; never exceptionally.
     */
    CompletableFuture<Void> closeAsync();

    /** {@link #closeAsync()}, waited for. Not to be called from a callback of this client's own. */
    @Override
    void close();
}
