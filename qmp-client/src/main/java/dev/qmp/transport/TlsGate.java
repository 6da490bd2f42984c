package dev.qmp.transport;

import dev.qmp.error.ConnectFailedException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import org.jspecify.annotations.Nullable;

/**
 * Stands between TLS and {@link LinkHandler}, which hears of the channel once the handshake is done.
 *
 * <p>Our handshake can be done before the peer has judged our certificate: always in TLS 1.3, and with QEMU (7.2 to 11.1) in
 * 1.2 as well, since it looks at the certificate only after its own. It refuses by closing, without a word in TLS. So such
 * an end before the first byte is explained as what it most likely is.
 */
final class TlsGate extends ChannelDuplexHandler {

    /** Stands under TLS, where it can hold encrypted records back. */
    static final class Below extends ChannelOutboundHandlerAdapter {
        private boolean held;

        @Override
        public void flush(ChannelHandlerContext ctx) {
            if (!held) {
                ctx.flush();
            }
        }
    }

    /** Is told, once, why there will be no link. */
    interface Refused {
        void because(ConnectFailedException failure);
    }

    private final QmpAddress.Tls address;
    private final TlsIdentity identity;
    private final Refused refused;
    private final Below below;

    private @Nullable Throwable first;
    private boolean open;
    private boolean heard;
    private boolean saidItsEnd;
    private boolean closing;
    private boolean failed;

    TlsGate(QmpAddress.Tls address, TlsIdentity identity, Refused refused, Below below) {
        this.address = address;
        this.identity = identity;
        this.refused = refused;
        this.below = below;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        // told after the handshake
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                open = true;
                ctx.fireChannelActive();
            } else {
                Throwable cause = first == null ? handshake.cause() : first;
                refused.because(TlsFailures.duringHandshake(address, identity, unwrapped(cause)));
                ctx.close();
            }
        } else if (event instanceof SslCloseCompletionEvent close && close.isSuccess()) {
            saidItsEnd = true;
            ctx.close(); // the peer says no more; in QMP that is its end
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        heard = true;
        ctx.fireChannelRead(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
        Throwable cause = unwrapped(failure);
        if (first == null) {
            first = cause;
        }
        if (open) {
            failed = true;
            ctx.fireExceptionCaught(heard || closing ? cause : TlsFailures.beforeFirstByte(address, identity, cause));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (open && !heard && !saidItsEnd && !closing && !failed && identity.asked()) {
            ctx.fireExceptionCaught(TlsFailures.beforeFirstByte(address, identity, null));
        }
        ctx.fireChannelInactive();
    }

    /**
     * The last byte travels in a record of its own. QEMU 7.2 takes a monitor's bytes one by one and is not woken for what
     * GnuTLS has decrypted already (10.0 is): it would stop after the first byte of a command. It goes on for as long as the
     * socket has one more record, and that one it reads whole.
     */
    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        ByteBuf bytes = (ByteBuf) message;
        // Under TLS nobody tells of a failed write by a void promise.
        ChannelPromise told = promise.unvoid();
        if (bytes.readableBytes() > 1) {
            ByteBuf last = bytes.retainedSlice(bytes.writerIndex() - 1, 1);
            bytes.writerIndex(bytes.writerIndex() - 1);
            below.held = true;
            ctx.writeAndFlush(bytes, ctx.newPromise()); // flushed, or the two would share a record
            below.held = false; // both go in one piece: a peer that has gone answers the first of two with a reset
            ctx.write(last, told);
        } else if (bytes.isReadable()) {
            ctx.write(bytes, told);
        } else {
            // The mark of a close, by which it waits for what is under way: no record is made of it.
            ctx.pipeline().context(SslHandler.class).write(bytes, told);
        }
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        closing = true;
        ctx.close(promise);
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof DecoderException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
