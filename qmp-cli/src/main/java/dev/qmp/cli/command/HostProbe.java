package dev.qmp.cli.command;

import dev.qmp.QmpClient;
import dev.qmp.cli.host.HostQemu;
import dev.qmp.cli.host.Monitor;
import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import dev.qmp.qapi.QueryStatus;
import dev.qmp.transport.QmpAddress;
import dev.qmp.transport.SocketHolder;
import dev.qmp.transport.UnixSocketOwners;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks one QEMU of the host for its state, without waiting long for one whose monitor is busy. */
final class HostProbe {

    /** A free monitor greets within a millisecond or two; a busy one not at all. */
    private static final Duration PATIENCE = Duration.ofMillis(700);

    private final GlobalOptions options;
    private final Set<Long> pids;

    HostProbe(GlobalOptions options, List<HostQemu> all) {
        this.options = options;
        this.pids = all.stream().map(HostQemu::pid).collect(Collectors.toSet());
    }

    /** Never completes exceptionally. */
    CompletableFuture<HostRow> ask(HostQemu qemu) {
        List<QmpAddress> addresses = Targets.addresses(qemu);
        return addresses.isEmpty()
                ? CompletableFuture.completedFuture(row(qemu, null, false, unreachable(qemu)))
                : ask(qemu, addresses, 0);
    }

    /** The first monitor that answers tells the state; a busy one is shown where all are busy. */
    private CompletableFuture<HostRow> ask(HostQemu qemu, List<QmpAddress> addresses, int index) {
        QmpAddress address = addresses.get(index);
        return QmpClient.connect(
                        address,
                        options.clientOptions()
                                .connectTimeout(PATIENCE)
                                .greetingTimeout(PATIENCE)
                                .commandDeadline(PATIENCE)
                                .build())
                .thenCompose(client -> client.execute(new QueryStatus())
                        .handle((status, failure) -> answered(
                                qemu, client, failure == null ? status.status().value() : null))
                        .thenCompose(row -> client.closeAsync().thenApply(closed -> row)))
                .handle((row, failure) -> failure == null
                        ? CompletableFuture.completedFuture(row)
                        : index + 1 < addresses.size()
                                ? ask(qemu, addresses, index + 1)
                                : CompletableFuture.completedFuture(failed(qemu, addresses.get(0), failure)))
                .thenCompose(row -> row);
    }

    /**
     * A second QEMU that is given the same socket path takes it from the first one without a word (7.2 to 11.1), so what
     * answers may be another process than the one that was asked.
     */
    private HostRow answered(HostQemu qemu, QmpClient client, @Nullable String state) {
        long listener = client.peer().map(p -> (long) p.pid()).orElse(-1L);
        if (listener != qemu.pid() && pids.contains(listener)) {
            return row(qemu, null, false, client.address() + " was taken over by PID " + listener);
        }
        return new HostRow(
                qemu.pid(),
                qemu.name().orElse(null),
                state,
                client.greeting().version().toString(),
                client.address().toString(),
                false,
                state == null ? "it does not answer" : null);
    }

    private static HostRow failed(HostQemu qemu, QmpAddress address, Throwable failure) {
        Throwable cause = Failure.unwrap(failure);
        boolean busy = cause instanceof ConnectFailedException connect && connect.reason() == Reason.BUSY;
        String remark = busy ? holders(address) : remark(cause);
        return row(qemu, address.toString(), busy, remark);
    }

    private static String remark(Throwable cause) {
        if (cause instanceof ConnectFailedException connect) {
            return switch (connect.reason()) {
                case NOT_FOUND -> "the socket is gone";
                case PERMISSION_DENIED -> "no permission";
                case NOBODY_LISTENING -> "nobody listens";
                case STOPPED -> "the process is stopped";
                default -> String.valueOf(cause.getMessage());
            };
        }
        return String.valueOf(cause.getMessage());
    }

    private static String holders(QmpAddress address) {
        if (!(address instanceof QmpAddress.Unix unix)) {
            return "held by another client";
        }
        return text(UnixSocketOwners.clientsOf(Path.of(unix.path())));
    }

    private static String text(List<SocketHolder> holders) {
        long self = ProcessHandle.current().pid();
        String who = holders.stream()
                .filter(h -> h.accepted() && h.pid() > 0 && h.pid() != self)
                .map(h -> "PID " + h.pid() + " " + h.command())
                .distinct()
                .collect(Collectors.joining(", "));
        return "held by " + (who.isEmpty() ? "another client" : who);
    }

    private static String unreachable(HostQemu qemu) {
        for (Monitor monitor : qemu.monitors()) {
            if (monitor instanceof Monitor.Descriptor descriptor) {
                String who = descriptor.inode().isPresent()
                        ? text(UnixSocketOwners.holdersOfPeer(descriptor.inode().getAsLong()))
                        : "held by whoever started it";
                return "descriptor " + descriptor.fd() + ", " + who;
            }
            if (monitor instanceof Monitor.Other other) {
                return other.text();
            }
        }
        return "it has no QMP monitor";
    }

    private static HostRow row(HostQemu qemu, @Nullable String monitor, boolean busy, @Nullable String remark) {
        return new HostRow(qemu.pid(), qemu.name().orElse(null), null, null, monitor, busy, remark);
    }
}
