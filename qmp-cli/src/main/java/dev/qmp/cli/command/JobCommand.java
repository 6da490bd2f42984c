package dev.qmp.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

@Command(
        name = "job",
        description = "Any job in that QEMU, whoever started it.",
        subcommands = {
            JobListCommand.class,
            JobShowCommand.class,
            JobWaitCommand.class,
            JobVerbCommands.Pause.class,
            JobVerbCommands.Resume.class,
            JobVerbCommands.Cancel.class,
            JobVerbCommands.Complete.class,
            JobVerbCommands.Dismiss.class,
            JobVerbCommands.Speed.class
        })
final class JobCommand extends Subcommand {

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(),
                "a subcommand of job is missing: list, show, wait, pause, resume, cancel, complete, dismiss or speed");
    }
}
