package dev.qmp.cli.command;

import dev.qmp.operation.OperationResult;
import picocli.CommandLine.Command;

@Command(name = "undo", description = "Takes an operation back, if it has not changed a chain for good.")
final class OperationsUndoCommand extends OperationTargetCommand {

    @Override
    OperationResult act(PlanRun run) throws InterruptedException {
        return run.undo(id);
    }
}
