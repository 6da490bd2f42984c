package dev.qmp.cli.command;

import dev.qmp.QmpClient;
import dev.qmp.error.CommandFailedException;
import dev.qmp.error.CommandNotSentException;
import dev.qmp.error.QmpException;
import dev.qmp.error.UnsafeOperationException;
import dev.qmp.job.JobInfo;
import dev.qmp.job.JobStatus;
import dev.qmp.job.Jobs;
import dev.qmp.qapi.JobType;
import dev.qmp.qapi.QueryNamedBlockNodes;
import dev.qmp.qapi.RawCommand;
import dev.qmp.schema.ArgumentParser;
import dev.qmp.schema.QmpSchema;
import dev.qmp.schema.SchemaValidator;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "exec", description = "Any QMP command; key=value arguments are typed from the schema of that QEMU.")
final class ExecCommand extends TargetCommand {

    @Parameters(index = "1", paramLabel = "COMMAND", description = "QEMU's name for it, for example query-block")
    private String command;

    @Parameters(
            index = "2..*",
            arity = "0..*",
            paramLabel = "key=value|@FILE|JSON",
            description =
                    "arguments: key=value, key.member=value, key=@file.json, @file.json, or JSON as the last word")
    private List<String> words = new ArrayList<>();

    @Option(names = "--force", description = "send query-named-block-nodes though a stream job makes it dangerous")
    private boolean force;

    @Option(
            names = "--no-validate",
            description = "send it though the schema of that QEMU says that it will be refused")
    private boolean unchecked;

    @Override
    int run(QmpClient client) throws Exception {
        if (command.equals(QueryNamedBlockNodes.NAME) && !force) {
            checkNoStream(client);
        }
        QmpSchema schema = unchecked && words.isEmpty() ? null : schema(client);
        RawCommand parsed = parse(schema);
        if (schema != null && !unchecked) {
            Findings.judge(SchemaValidator.check(schema, parsed)).forEach(this::note);
        }
        print(await(client.execute(parsed)));
        return Failure.DONE;
    }

    /**
     * QEMU 7.2 and 10.0 die of this question while a stream job has concluded and is not dismissed, and 7.2 while a qcow2
     * image is being created.
     */
    private static void checkNoStream(QmpClient client) throws InterruptedException {
        for (JobInfo job : await(new Jobs(client).list())) {
            boolean creating = job.type().equals(JobType.CREATE) && job.status() != JobStatus.CONCLUDED;
            if (creating || job.type().equals(JobType.STREAM)) {
                throw new UnsafeOperationException(
                        "stream-job",
                        "query-named-block-nodes can end QEMU itself while there is a " + job.type()
                                + " job, and there is " + job.id(),
                        "wait for the job's end and dismiss it, or --force");
            }
        }
    }

    private RawCommand parse(@Nullable QmpSchema schema) {
        ArgumentParser.FileReader files =
                name -> Files.readString(context().workingFolder().resolve(name));
        ArgumentParser parser =
                schema == null ? ArgumentParser.withoutSchema(files) : new ArgumentParser(schema, files);
        return parser.parse(command, words);
    }

    /** Null for a peer that has none. */
    private @Nullable QmpSchema schema(QmpClient client) throws InterruptedException {
        try {
            return await(client.schema());
        } catch (CommandFailedException e) {
            return null;
        } catch (QmpException e) {
            throw new CommandNotSentException(
                    command, "this QEMU's schema could not be read first: " + e.getMessage(), e);
        }
    }
}
