package dev.qmp.cli.command;

import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** The command {@code qmp}: its subcommands, and what happens to words and failures. */
@Command(
        name = "qmp",
        description = "Controls running QEMUs through their QMP monitors: disks, snapshots, chains, jobs.",
        mixinStandardHelpOptions = true,
        version = "qmp 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:done",
            "1:QEMU refused, or the job failed or was cancelled by someone",
            "2:wrong usage",
            "3:could not connect",
            "4:outcome unknown: a deadline passed or the connection was lost after the command was sent",
            "5:refused by a safety check before anything was sent",
            "130:interrupted; the job goes on in QEMU"
        },
        subcommands = {
            ListCommand.class,
            StatusCommand.class,
            DisksCommand.class,
            ChainCommand.class,
            ImageCommand.class,
            SnapshotCommand.class,
            PullCommand.class,
            CopyCommand.class,
            CommitCommand.class,
            JobCommand.class,
            OperationsCommand.class,
            EventsCommand.class,
            ExecCommand.class,
            ShowSchemaCommand.class,
            DomblklistCommand.class,
            SnapshotCreateAsCommand.class,
            SnapshotListDialect.class,
            SnapshotDeleteDialect.class,
            SnapshotRevertDialect.class,
            SnapshotInfoDialect.class,
            BlockpullCommand.class,
            BlockcopyCommand.class,
            BlockcommitCommand.class,
            BlockjobCommand.class
        })
public final class QmpRoot implements Runnable {

    @Mixin
    final GlobalOptions options = new GlobalOptions();

    final CliContext context;

    @CommandLine.Spec
    CommandLine.Model.CommandSpec spec;

    private QmpRoot(CliContext context) {
        this.context = context;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a COMMAND is missing");
    }

    /** Runs one command line and returns its exit status; never throws. */
    public static int execute(CliContext context, String... words) {
        QmpRoot root = new QmpRoot(context);
        CommandLine commandLine = new CommandLine(root)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setAbbreviatedOptionsAllowed(false)
                .setOverwrittenOptionsAllowed(false)
                // picocli would put the words of a file in place of @FILE, which here is a QMP command's argument.
                .setExpandAtFiles(false)
                .registerConverter(java.time.Duration.class, Converters::duration)
                .registerConverter(Converters.Size.class, Converters.Size::parse)
                .setOut(context.console().outWriter())
                .setErr(context.console().errWriter());
        commandLine.setExecutionStrategy(parsed -> {
            context.console().color(root.options.color.name().toLowerCase(Locale.ROOT));
            return new CommandLine.RunLast().execute(parsed);
        });
        Reporter reporter = new Reporter(root, words);
        commandLine.setParameterExceptionHandler(reporter);
        commandLine.setExecutionExceptionHandler(reporter);
        int status = commandLine.execute(words);
        context.console().flush();
        return status;
    }
}
