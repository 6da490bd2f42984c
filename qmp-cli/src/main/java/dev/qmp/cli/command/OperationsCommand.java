package dev.qmp.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

@Command(
        name = "operations",
        description = "Operations that were begun and not finished: a crash cut them in half, or somebody left them.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {OperationsListCommand.class, OperationsResumeCommand.class, OperationsUndoCommand.class})
final class OperationsCommand extends Subcommand {

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "a subcommand of operations is missing: list, resume or undo");
    }
}
