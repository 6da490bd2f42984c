package dev.qmp.transport;

import dev.qmp.error.ConnectFailedException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * From an address to an ssh that listens for us. ssh tells nobody when it is ready but by the socket that it then makes, so
 * that the loop looks for it now and then, until the connect timeout. Confined to the loop.
 */
final class SshOpening {

    private static final Duration GLANCE = Duration.ofMillis(10);

    private final QmpAddress.Ssh address;
    private final SshOptions options;
    private final NettyLoop loop;
    private final Consumer<SshTunnel> ready;
    private final Consumer<ConnectFailedException> failed;

    private @Nullable SshTunnel tunnel;
    private boolean letIn;
    private boolean givenUp;

    SshOpening(
            QmpAddress.Ssh address,
            SshOptions options,
            NettyLoop loop,
            Consumer<SshTunnel> ready,
            Consumer<ConnectFailedException> failed) {
        this.address = address;
        this.options = options;
        this.loop = loop;
        this.ready = ready;
        this.failed = failed;
    }

    /** Starts an ssh that is taken for one that knows the options of 8.7, or for an older one. */
    void start(boolean recent) {
        // Making a process can take a while, and is not for the loop.
        Thread starter = new Thread(
                () -> {
                    try {
                        SshTunnel started = SshTunnel.start(address, options, recent);
                        loop.execute(() -> started(started));
                    } catch (ConnectFailedException e) {
                        loop.execute(() -> failed.accept(e));
                    } catch (Throwable e) {
                        loop.execute(() -> failed.accept(ConnectFailures.other(address, e)));
                    }
                },
                "qmp-ssh");
        starter.setDaemon(true);
        starter.start();
    }

    private void started(SshTunnel running) {
        tunnel = running;
        if (givenUp) {
            running.end();
        } else {
            look(running);
        }
    }

    private void look(SshTunnel running) {
        if (givenUp) {
            return;
        }
        if (!running.isAlive()) {
            running.gone().thenRun(() -> loop.execute(() -> ended(running)));
        } else if (running.listens()) {
            letIn = true;
            ready.accept(running);
        } else {
            running.cannotListen(address).ifPresentOrElse(failed, () -> lookAgain(running));
        }
    }

    /** The socket is there but refuses: ssh binds it and listens on it in two steps, and may be between them. */
    void lookAgain(SshTunnel running) {
        loop.schedule(() -> look(running), GLANCE);
    }

    private void ended(SshTunnel running) {
        if (givenUp) {
            return;
        }
        if (running.isTooOld()) {
            start(false);
        } else {
            failed.accept(running.failure(address));
        }
    }

    /** Nobody wants it any more. */
    void giveUp() {
        givenUp = true;
        if (tunnel != null) {
            tunnel.end();
        }
    }

    ConnectFailedException timedOut(Duration timeout) {
        return SshFailures.timedOut(
                address, ConnectFailures.inWords(timeout), letIn, tunnel == null ? "" : tunnel.said());
    }
}
