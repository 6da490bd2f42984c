package dev.qmp.cli.command;

import dev.qmp.operation.OpenOperation;
import dev.qmp.operation.OperationResult;
import dev.qmp.operation.Operations;
import java.io.IOException;
import picocli.CommandLine.Command;

@Command(name = "resume", description = "Finishes an operation: what shows in QEMU as done is not done again.")
final class OperationsResumeCommand extends OperationTargetCommand {

    @Override
    OperationResult act(PlanRun run) throws IOException, InterruptedException {
        Afterwards afterwards = Operations.open(run.folder()).stream()
                .filter(open -> open.id().equals(id))
                .findFirst()
                .map(OpenOperation::attachment)
                .map(attachment -> Afterwards.read(attachment.path("afterwards")))
                .orElse(Afterwards.NOTHING);
        return run.resume(id, afterwards);
    }
}
