package dev.qmp.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import dev.qmp.error.ConnectionLostException;
import dev.qmp.error.OutOfBandUnavailableException;
import dev.qmp.error.ProtocolViolationException;
import dev.qmp.transport.LinkLoop;
import dev.qmp.wire.DocumentFramer;
import dev.qmp.wire.DocumentFramer.DocumentConsumer;
import dev.qmp.wire.Message;
import dev.qmp.wire.Message.Failure;
import dev.qmp.wire.Message.Greeting;
import dev.qmp.wire.Message.Reply;
import dev.qmp.wire.MessageCodec;
import dev.qmp.wire.Request;
import dev.qmp.wire.WireLimits;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How a guest agent converses ("QEMU Guest Agent Protocol Reference", {@code guest-sync-delimited}). It greets nobody, and
 * its serial line may hold what an earlier client has sent or has not read. So the first word, and the next one after a
 * command that was given up, is a sync: a byte 0xFF, which no JSON has and which makes the agent forget half a document, and
 * a random number, which comes back behind another 0xFF. What comes before that is nobody's.
 *
 * <p>No ids go out: an agent before QEMU 4.0 refuses a request that has one, and guests are old. Replies come in order, one
 * command is in flight, and what is owed is known here.
 */
final class AgentDialogue implements Dialogue {

    private static final byte SENTINEL = (byte) 0xFF;
    private static final String SYNC = "guest-sync-delimited";

    /**
     * Sent at once behind a command that was given up, without waiting for the agent to come back: a guest that freezes
     * after all must find the thaw in its queue.
     */
    private static final Set<String> UNDO = Set.of("guest-fsfreeze-thaw");

    /** A reply that has not come: a command's by its id, or a sync's by its number. */
    private record Owed(boolean sync, long id) {}

    private final String address;
    private final Duration timeout;
    private final WireLimits limits;
    private final MessageCodec codec;
    private final Counters counters;
    private final Line line;
    private final LongSupplier numbers;
    private final CompletableFuture<Optional<Greeting>> opened = new CompletableFuture<>();
    private final ArrayDeque<Owed> owed = new ArrayDeque<>();
    private DocumentFramer framer;
    private LinkLoop.@Nullable Timer timer;
    private boolean skipping;
    private boolean delimited;
    private @Nullable PendingCommand syncedFor;
    private @Nullable String refusal;

    AgentDialogue(String address, SessionOptions options, Counters counters, Line line, LongSupplier numbers) {
        this.address = address;
        this.timeout = options.greetingTimeout();
        this.limits = options.limits();
        this.codec = new MessageCodec(limits);
        this.framer = new DocumentFramer(limits);
        this.counters = counters;
        this.line = line;
        this.numbers = numbers;
    }

    @Override
    public CompletableFuture<Optional<Greeting>> opened() {
        return opened;
    }

    @Override
    public void begin(LinkLoop loop) {
        timer = loop.schedule(this::silent, timeout);
        sync();
    }

    @Override
    public void opening(Message message) {
        if (message instanceof Greeting) {
            end(new ConnectFailedException(
                    address,
                    Reason.NOT_QMP,
                    address + " is a QMP monitor, not a guest agent: it greeted",
                    "name the socket of the chardev behind the virtio-serial port org.qemu.guest_agent.0",
                    null));
        } else {
            answered(message);
        }
    }

    @Override
    public void fail(Throwable failure) {
        if (failure instanceof ConnectionLostException) {
            end(new ConnectFailedException(
                    address,
                    Reason.NOT_QMP,
                    address + " ended the connection before it answered " + SYNC + " (" + failure.getMessage() + ")",
                    "if this is a guest agent's socket, its QEMU was ending: look whether it still runs",
                    failure));
        } else {
            end(failure);
        }
    }

    @Override
    public void feed(byte[] bytes, int offset, int length, DocumentConsumer consumer) {
        int from = offset;
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] == SENTINEL) {
                documents(bytes, from, i - from, consumer);
                framer = new DocumentFramer(limits);
                skipping = false;
                delimited = true;
                from = i + 1;
            }
        }
        documents(bytes, from, offset + length - from, consumer);
    }

    private void documents(byte[] bytes, int from, int length, DocumentConsumer consumer) {
        if (skipping) {
            return;
        }
        try {
            framer.feed(bytes, from, length, (document, at, size) -> {
                consumer.document(document, at, size);
                delimited = false;
            });
        } catch (ProtocolViolationException e) {
            if (synced()) {
                throw e;
            }
            // The tail of a reply that an earlier client has not read.
            framer = new DocumentFramer(limits);
            skipping = true;
        }
    }

    @Override
    public boolean insideDocument() {
        return synced() && framer.insideDocument();
    }

    @Override
    public void send(Request request) {
        byte[] bytes = codec.encodeWithoutId(request);
        owed.add(new Owed(false, request.id()));
        line.send(bytes, 0);
    }

    @Override
    public Window window() {
        // Replies bear no id: with two in flight nobody could say whose is whose after a late one.
        return Window.inBandOnly(1);
    }

    @Override
    public OutOfBandUnavailableException.Reason outOfBandUnavailable() {
        return OutOfBandUnavailableException.Reason.NOT_OFFERED;
    }

    @Override
    public boolean maySend(PendingCommand command) {
        if (owed.isEmpty()) {
            return true;
        }
        if (syncedFor != command) {
            // For each command anew: an agent that was restarted in between has not seen the sync before.
            syncedFor = command;
            sync();
        }
        return UNDO.contains(command.command());
    }

    @Override
    public @Nullable Long answered(Message reply) {
        if (delimited) {
            synced(reply);
            return null;
        }
        if (!synced() && reply instanceof Failure failure && failure.desc().startsWith("JSON parse error")) {
            // The agent's reader answers the 0xFF as well (7.2), besides what every command gets.
            return null;
        }
        Owed next = owed.peek();
        if (next == null || next.sync()) {
            refusal = reply instanceof Failure failure ? failure.desc() : refusal;
            counters.unknownReply();
            return null;
        }
        owed.remove();
        return next.id();
    }

    private boolean synced() {
        return owed.stream().noneMatch(Owed::sync);
    }

    private void sync() {
        long number = numbers.getAsLong();
        owed.add(new Owed(true, number));
        byte[] request = codec.encodeWithoutId(
                new Request(0, SYNC, JsonNodeFactory.instance.objectNode().put("id", number)));
        byte[] bytes = new byte[request.length + 1];
        bytes[0] = SENTINEL;
        System.arraycopy(request, 0, bytes, 1, request.length);
        line.send(bytes, 1);
    }

    /** A message behind a 0xFF: what was owed before the sync that it answers will not come any more. */
    private void synced(Message message) {
        JsonNode number = message instanceof Reply reply ? reply.result() : null;
        if (number == null || !number.canConvertToLong() || !owed.contains(new Owed(true, number.longValue()))) {
            counters.unknownReply();
            return;
        }
        Owed sync = new Owed(true, number.longValue());
        for (Owed before = owed.remove(); !before.equals(sync); before = owed.remove()) {
            if (!before.sync()) {
                line.forget(before.id());
            }
        }
        if (!synced()) {
            return;
        }
        syncedFor = null;
        cancelTimer();
        if (!opened.complete(Optional.empty())) {
            line.resume();
        }
    }

    private void silent() {
        end(new ConnectFailedException(
                address,
                Reason.AGENT_SILENT,
                "no guest agent answers on " + address + ": nothing came back to " + SYNC + " within "
                        + timeout.toMillis() + " ms" + (refusal == null ? "" : " but \"" + refusal + "\""),
                "does the agent run in the guest, is the guest running, and does nobody else, libvirt for one, hold the"
                        + " socket? It serves one client at a time",
                null));
    }

    private void end(Throwable failure) {
        cancelTimer();
        if (opened.completeExceptionally(failure)) {
            line.close();
        }
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
        }
    }
}
