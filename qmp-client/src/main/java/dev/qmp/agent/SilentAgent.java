package dev.qmp.agent;

import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import dev.qmp.transport.QmpAddress;
import dev.qmp.transport.SocketHolder;
import dev.qmp.transport.UnixSocketOwners;
import java.nio.file.Path;
import java.util.stream.Collectors;

/**
 * Why nobody answers on an agent's socket: QEMU serves one client there at a time, and the kernel knows which process that
 * is. Our own attempt is closed by the time that the kernel is asked.
 */
final class SilentAgent {

    private SilentAgent() {}

    /** The failure, with the socket's holder named where there is one; any other failure stays as it is. */
    static Throwable explain(QmpAddress address, Throwable failure) {
        if (!(failure instanceof ConnectFailedException silent)
                || silent.reason() != Reason.AGENT_SILENT
                || !(address instanceof QmpAddress.Unix unix)) {
            return failure;
        }
        String holders = UnixSocketOwners.clientsOf(Path.of(unix.path())).stream()
                .filter(SocketHolder::accepted)
                .map(SilentAgent::name)
                .distinct()
                .collect(Collectors.joining(", "));
        if (holders.isEmpty()) {
            return failure;
        }
        return new ConnectFailedException(
                silent.address(),
                Reason.AGENT_SILENT,
                silent.getMessage() + ": the socket is held by " + holders,
                "it serves one client at a time: end the other one, or let it do the freezing",
                silent);
    }

    private static String name(SocketHolder holder) {
        if (holder.pid() == ProcessHandle.current().pid()) {
            return "another session of this process";
        }
        return holder.pid() > 0 ? "PID " + holder.pid() + " (" + holder.command() + ")" : "another user's process";
    }
}
