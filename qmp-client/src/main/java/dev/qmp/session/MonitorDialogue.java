package dev.qmp.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.error.OutOfBandUnavailableException;
import dev.qmp.error.OutOfBandUnavailableException.Reason;
import dev.qmp.error.ProtocolViolationException;
import dev.qmp.transport.DescriptorSet;
import dev.qmp.transport.LinkLoop;
import dev.qmp.wire.DocumentFramer;
import dev.qmp.wire.DocumentFramer.DocumentConsumer;
import dev.qmp.wire.Message;
import dev.qmp.wire.Message.Failure;
import dev.qmp.wire.Message.Greeting;
import dev.qmp.wire.Message.Reply;
import dev.qmp.wire.MessageCodec;
import dev.qmp.wire.Request;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** How a QMP monitor converses: a handshake first, then replies that bear their command's id. */
final class MonitorDialogue implements Dialogue {

    private final SessionOptions options;
    private final MessageCodec codec;
    private final DocumentFramer framer;
    private final Counters counters;
    private final Line line;
    private final Handshake handshake;

    MonitorDialogue(String address, SessionOptions options, Counters counters, Line line) {
        this.options = options;
        this.codec = new MessageCodec(options.limits());
        this.framer = new DocumentFramer(options.limits());
        this.counters = counters;
        this.line = line;
        this.handshake = new Handshake(
                address,
                options.greetingTimeout(),
                options.wantsOutOfBand(),
                framer::insideDocument,
                this::send,
                line::close);
    }

    @Override
    public CompletableFuture<Optional<Greeting>> opened() {
        return handshake.result();
    }

    @Override
    public void begin(LinkLoop loop) {
        handshake.begin(loop);
    }

    @Override
    public void opening(Message message) {
        handshake.message(message);
    }

    @Override
    public void fail(Throwable failure) {
        handshake.fail(failure);
    }

    @Override
    public void feed(byte[] bytes, int offset, int length, DocumentConsumer consumer) {
        try {
            framer.feed(bytes, offset, length, consumer);
        } catch (ProtocolViolationException e) {
            handshake.notQmp(e);
            throw e;
        }
    }

    @Override
    public boolean insideDocument() {
        return framer.insideDocument();
    }

    @Override
    public void send(Request request) {
        line.send(codec.encode(request), 0);
    }

    @Override
    public Window window() {
        return handshake.outOfBand()
                ? Window.withOutOfBand(options.outOfBandInFlight())
                : Window.inBandOnly(options.inFlight());
    }

    @Override
    public OutOfBandUnavailableException.@Nullable Reason outOfBandUnavailable() {
        if (handshake.outOfBand()) {
            return null;
        }
        return options.wantsOutOfBand() ? Reason.NOT_OFFERED : Reason.NOT_ASKED_FOR;
    }

    @Override
    public void send(Request request, DescriptorSet descriptors) {
        line.send(codec.encode(request), 0, descriptors);
    }

    @Override
    public boolean maySend(PendingCommand command) {
        return true;
    }

    @Override
    public @Nullable Long answered(Message message) {
        if (message instanceof Failure failure && failure.id() == null) {
            throw new ProtocolViolationException(
                    ProtocolViolationException.Kind.ERROR_WITHOUT_ID,
                    "QEMU could not parse what was sent to it: " + failure.desc(),
                    null);
        }
        JsonNode id =
                message instanceof Reply reply ? reply.id() : message instanceof Failure failure ? failure.id() : null;
        if (id == null || !id.isIntegralNumber() || !id.canConvertToLong()) {
            counters.unknownReply();
            return null;
        }
        if (id.longValue() == Handshake.NEGOTIATION_ID && handshake.tookSurplus()) {
            counters.lateReply();
            return null;
        }
        return id.longValue();
    }
}
