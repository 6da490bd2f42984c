package dev.qmp.transport;

import dev.qmp.error.ConnectFailedException;
import java.util.concurrent.CompletableFuture;

/**
 * Opens links.
 *
 * <p>Unless {@link TransportOptions#loops()} says otherwise, all links of one {@link TransportKind} share one daemon thread,
 * {@code qmp-io-epoll}, {@code qmp-io-nio} and so on. It starts with the first link and ends by itself a second after the last one
 * has closed.
 */
public final class Transports {

    private Transports() {}

    /**
     * Opens a link to {@code address}; never blocks.
     *
     * <p>The future completes on the link's loop, after {@code listener} has been told that the link is open. It fails only
     * with {@link ConnectFailedException}, and then the listener has heard nothing, unless it threw when it was told: that
     * fails the future and closes the link. Cancelling the future gives the attempt up, and closes a connection that is
     * made all the same.
     */
    public static CompletableFuture<Link> open(QmpAddress address, TransportOptions options, LinkListener listener) {
        CompletableFuture<Link> opened = new CompletableFuture<>();
        try {
            Channels channels = Channels.of(options.kind(), address);
            channels.check(address);
            new Connecting(address, channels, options, listener, opened).start();
        } catch (ConnectFailedException e) {
            opened.completeExceptionally(e);
        } catch (LoopPool.LoopsClosedException e) {
            opened.completeExceptionally(ConnectFailures.loopsClosed(address));
        } catch (Throwable e) {
            // Out of descriptors for the loop itself, a native library that fails to load half way.
            opened.completeExceptionally(ConnectFailures.other(address, e));
        }
        return opened;
    }

    /**
     * Listens on {@code address}, and opens the link of the first one who calls there: of a QEMU that was started with
     * {@code -qmp unix:PATH,server=off}. Then, and where nobody calls within the connect timeout, nothing listens any more.
     *
     * <p>When this returns, the socket listens, or the future has failed; called on a loop it does not wait for that. The
     * future completes as that of {@link #open} does; cancelling it ends the listening.
     *
     * <p>A UNIX socket is for processes of this user and of root alone: its file has mode 0600, lies in a folder where not just
     * anybody may replace it, and is removed in the end. What has its name already stays, and fails the future: unless it is a
     * socket of this user's on which nobody listens any more. A TCP port is open to whoever reaches it.
     *
     * @param address a UNIX socket, an abstract one (by {@link TransportKind#EPOLL}), or a TCP port
     */
    public static CompletableFuture<Link> listen(QmpAddress address, TransportOptions options, LinkListener listener) {
        CompletableFuture<Link> opened = new CompletableFuture<>();
        try {
            ListenFailures.check(address, options.kind());
            Channels channels = Channels.of(options.kind(), address);
            channels.check(address);
            new Listening(address, channels, options, listener, opened).start();
        } catch (ConnectFailedException e) {
            opened.completeExceptionally(e);
        } catch (Throwable e) {
            opened.completeExceptionally(ListenFailures.of(address, e));
        }
        return opened;
    }

    /**
     * Ends at once those of the shared threads that no link needs, and waits for them. Links that are open, and their thread, stay. For a
     * program about to exit: {@link System#exit} takes 300 ms longer while a thread sits in the kernel waiting for input.
     * New links can be opened at any time, also while this runs. Called on a link's loop it does not wait.
     */
    public static void shutdown() {
        LoopPool.ALL.forEach(LoopPool::endIfIdle);
        LoopPool.ALL.forEach(LoopPool::awaitEnded);
    }
}
