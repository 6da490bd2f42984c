package dev.qmp;

import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import dev.qmp.transport.ProcessState;
import dev.qmp.transport.QmpAddress;
import dev.qmp.transport.SocketHolder;
import dev.qmp.transport.UnixSocketOwners;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Why a monitor that took the connection does not greet: a QMP monitor serves one client at a time, and the kernel knows
 * which process that is. Our own attempt is closed by the time that the kernel is asked, so it is not among them.
 */
final class BusyMonitor {

    private BusyMonitor() {}

    /** The failure, with the holder named where it is one of a busy monitor; a busy one without a known holder gets more advice, any other one stays as it is. */
    static Throwable explain(QmpAddress address, Throwable failure) {
        if (!(failure instanceof ConnectFailedException busy) || !(address instanceof QmpAddress.Unix unix)) {
            return failure;
        }
        boolean silent = busy.reason() == Reason.TIMED_OUT && busy.getCause() == null;
        if (busy.reason() != Reason.BUSY && !silent) {
            return failure;
        }
        Optional<SocketHolder> stopped = stopped(Path.of(unix.path()));
        if (stopped.isPresent()) {
            return stopped(busy, stopped.get());
        }
        if (silent) {
            return failure;
        }
        List<SocketHolder> clients = UnixSocketOwners.clientsOf(Path.of(unix.path()));
        List<SocketHolder> served =
                clients.stream().filter(SocketHolder::accepted).toList();
        long self = ProcessHandle.current().pid();
        String holders = served.stream()
                .filter(h -> h.pid() > 0 && h.pid() != self)
                .map(h -> "PID " + h.pid() + " (" + h.command() + ")")
                .distinct()
                .collect(Collectors.joining(", "));
        if (!holders.isEmpty()) {
            return with(busy, ": it is busy, held by " + holders);
        }
        boolean ours = served.stream().anyMatch(h -> h.pid() == self);
        boolean othersUnseen = served.stream().anyMatch(h -> h.pid() <= 0);
        if (othersUnseen) {
            return with(busy, ": it is busy, held by another user's process");
        }
        if (ours) {
            return with(busy, ": it is busy, held by another client of this process");
        }
        String hint = busy.hint().map(known -> known + ". ").orElse("")
                + "Where there is no other client: is it a QMP monitor, and is its QEMU running? A guest agent's"
                + " socket says nothing until it is asked, and a stopped process says nothing at all";
        return with(busy, "", hint);
    }

    /** A stopped process's connections are taken by the kernel, as are those to a monitor that serves somebody else. */
    private static Optional<SocketHolder> stopped(Path socket) {
        return UnixSocketOwners.serversOf(socket).stream()
                .filter(server -> ProcessState.of(server.pid()) == ProcessState.STOPPED)
                .findFirst();
    }

    private static ConnectFailedException stopped(ConnectFailedException busy, SocketHolder server) {
        return new ConnectFailedException(
                busy.address(),
                Reason.STOPPED,
                busy.address() + " does not answer: PID " + server.pid() + " (" + server.command()
                        + "), which listens there, is stopped",
                "somebody has stopped the process (SIGSTOP, Ctrl-Z, a debugger): `kill -CONT " + server.pid()
                        + "` lets it go on, and its guest as well",
                busy);
    }

    private static ConnectFailedException with(ConnectFailedException busy, String more) {
        return with(busy, more, busy.hint().orElse(null));
    }

    private static ConnectFailedException with(ConnectFailedException busy, String more, @Nullable String hint) {
        return new ConnectFailedException(busy.address(), Reason.BUSY, busy.getMessage() + more, hint, busy);
    }
}
