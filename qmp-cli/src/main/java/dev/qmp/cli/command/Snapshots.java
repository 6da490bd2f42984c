package dev.qmp.cli.command;

import dev.qmp.QmpClient;
import dev.qmp.block.BlockOperations;
import dev.qmp.block.SnapshotPlan;
import dev.qmp.block.SnapshotRequest;
import dev.qmp.block.SnapshotResult;
import dev.qmp.cli.state.StateException;
import dev.qmp.error.UnsafeOperationException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes a snapshot and writes it down: shared by {@code snapshot create} and virsh's {@code snapshot-create-as}. */
final class Snapshots {

    private final Subcommand command;
    private final QmpClient client;
    private final BlockOperations operations;

    Snapshots(Subcommand command, QmpClient client, BlockOperations operations) {
        this.command = command;
        this.client = client;
        this.operations = operations;
    }

    SnapshotPlan plan(SnapshotRequest request, boolean noMetadata) throws InterruptedException {
        if (!noMetadata
                && new Records(command.context(), client)
                        .read()
                        .snapshot(request.name())
                        .isPresent()) {
            throw new UnsafeOperationException(
                    "snapshot-exists",
                    "this guest has a snapshot '" + request.name() + "' already",
                    "choose another name: `qmp snapshot list` shows the ones that are taken");
        }
        return TargetCommand.await(operations.plan(request));
    }

    SnapshotResult take(SnapshotPlan plan, @Nullable String description, boolean noMetadata, @Nullable String agent)
            throws InterruptedException {
        if (agent != null && !Targets.isAddress(agent) && Host.mayBeAnother(client.address())) {
            throw new UsageException(
                    "--agent: " + agent + " is a socket of this host, and QEMU at " + client.address()
                            + " may run on another",
                    "write ssh://HOST" + (agent.startsWith("/") ? agent : "/" + agent) + ", or unix:" + agent
                            + " if it leads to that guest's agent");
        }
        Optional<UnknownEnd> stillFrozen = Optional.empty();
        SnapshotResult result;
        if (agent == null) {
            result = TargetCommand.await(operations.run(plan));
        } else {
            Quiesce quiesce = Quiesce.freeze(command, agent);
            try {
                result = TargetCommand.await(operations.run(plan));
            } catch (RuntimeException | InterruptedException e) {
                quiesce.thawAfterFailure();
                throw e;
            }
            stillFrozen = quiesce.thaw();
        }
        if (!noMetadata) {
            try {
                new Records(command.context(), client).created(result, description);
            } catch (StateException e) {
                // The snapshot is taken: that is the truth to tell, with what is missing from it.
                command.console().err("qmp: the snapshot was taken, but not recorded: " + e.getMessage());
                command.console().err("hint: " + e.hint());
            }
        }
        if (stillFrozen.isPresent()) {
            command.note("snapshot " + plan.name() + " taken");
            throw stillFrozen.get();
        }
        return result;
    }
}
