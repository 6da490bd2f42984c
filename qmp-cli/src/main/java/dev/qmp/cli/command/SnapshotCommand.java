package dev.qmp.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

@Command(
        name = "snapshot",
        description = "External snapshots of a running guest's disks.",
        subcommands = {
            SnapshotCreateCommand.class,
            SnapshotListCommand.class,
            SnapshotTreeCommand.class,
            SnapshotShowCommand.class,
            SnapshotDeleteCommand.class,
            SnapshotAdoptCommand.class,
            SnapshotRevertCommand.class
        })
final class SnapshotCommand extends Subcommand {

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(),
                "a subcommand of snapshot is missing: create, list, tree, show, delete, adopt or revert");
    }
}
