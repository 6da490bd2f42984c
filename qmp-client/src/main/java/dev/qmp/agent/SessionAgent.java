package dev.qmp.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.QmpClientOptions;
import dev.qmp.session.PeerProfile;
import dev.qmp.session.Replies;
import dev.qmp.session.Session;
import dev.qmp.session.SessionOptions;
import dev.qmp.session.SessionStatistics;
import dev.qmp.transport.QmpAddress;
import dev.qmp.transport.Transports;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A guest agent on a session of its own. */
final class SessionAgent implements QemuGuestAgent {

    private final QmpAddress address;
    private final Duration commandDeadline;
    private final Session session;

    private SessionAgent(QmpAddress address, Duration commandDeadline, Session session) {
        this.address = address;
        this.commandDeadline = commandDeadline;
        this.session = session;
    }

    static CompletableFuture<QemuGuestAgent> connect(QmpAddress address, QmpClientOptions options) {
        CompletableFuture<QemuGuestAgent> connected = new CompletableFuture<>();
        options.runtime()
                .open(
                        PeerProfile.GUEST_AGENT,
                        address.toString(),
                        listener -> Transports.open(address, options.transportOptions(), listener),
                        sessionOptions(options))
                .whenComplete((session, failure) -> {
                    if (failure != null) {
                        connected.completeExceptionally(SilentAgent.explain(address, failure));
                    } else if (!connected.complete(new SessionAgent(address, options.commandDeadline(), session))) {
                        // The caller has cancelled: a session that nobody knows of would hold the agent's only line.
                        session.closeAsync();
                    }
                });
        return connected;
    }

    private static SessionOptions sessionOptions(QmpClientOptions options) {
        return new SessionOptions(
                options.greetingTimeout(),
                options.closeGrace(),
                1,
                0,
                options.eventQueue(),
                options.overflow(),
                0,
                options.limits(),
                options.callbackExecutor(),
                options.trafficListener(),
                null);
    }

    @Override
    public QmpAddress address() {
        return address;
    }

    @Override
    public CompletableFuture<Void> ping() {
        return Replies.decoded(execute("guest-ping", null), reply -> null);
    }

    @Override
    public CompletableFuture<AgentInfo> info() {
        return execute(AgentCommands.INFO);
    }

    @Override
    public CompletableFuture<FreezeStatus> freezeStatus() {
        return execute(AgentCommands.FREEZE_STATUS);
    }

    @Override
    public CompletableFuture<Integer> freeze(Duration deadline) {
        return execute(AgentCommands.FREEZE, deadline);
    }

    @Override
    public CompletableFuture<Integer> freeze(List<String> mountpoints, Duration deadline) {
        if (mountpoints.isEmpty()) {
            throw new IllegalArgumentException("no mount point to freeze: to freeze all, name none and call freeze()");
        }
        return execute(AgentCommands.freeze(mountpoints), deadline);
    }

    @Override
    public CompletableFuture<Integer> thaw() {
        return execute(AgentCommands.THAW);
    }

    @Override
    public CompletableFuture<List<GuestFileSystem>> fsInfo() {
        return execute(AgentCommands.FS_INFO);
    }

    @Override
    public CompletableFuture<JsonNode> execute(String command, @Nullable ObjectNode arguments, Duration deadline) {
        if (command.equals("guest-sync-delimited")) {
            throw new IllegalArgumentException("the session synchronizes with the agent by itself");
        }
        return session.execute(command, arguments, deadline);
    }

    @Override
    public CompletableFuture<JsonNode> execute(String command, @Nullable ObjectNode arguments) {
        return execute(command, arguments, commandDeadline);
    }

    @Override
    public SessionStatistics statistics() {
        return session.statistics();
    }

    @Override
    public CompletionStage<Void> closed() {
        return session.ended();
    }

    @Override
    public CompletableFuture<Void> closeAsync() {
        return session.closeAsync();
    }

    @Override
    public void close() {
        closeAsync().join();
    }
}
