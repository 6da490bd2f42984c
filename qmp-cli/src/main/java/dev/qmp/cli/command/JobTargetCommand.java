package dev.qmp.cli.command;

import dev.qmp.QmpClient;
import dev.qmp.block.BlockGraph;
import dev.qmp.block.BlockOperations;
import dev.qmp.block.Disk;
import dev.qmp.error.QmpException;
import dev.qmp.job.JobId;
import dev.qmp.job.JobInfo;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Parameters;

/** A command on one job, named by its id or by the disk that it works on. */
abstract class JobTargetCommand extends TargetCommand {

    @Parameters(index = "1", paramLabel = "JOB", description = "the job's id, or the disk that it works on")
    String job;

    /** The job's id; a disk's name stands for the one job on it. */
    static JobId find(QmpClient client, String wanted) throws InterruptedException {
        BlockGraph graph = await(new BlockOperations(client).graph());
        List<JobInfo> jobs = graph.jobs();
        if (jobs.stream().anyMatch(j -> j.id().value().equals(wanted))) {
            return new JobId(wanted);
        }
        try {
            Disk disk = graph.disk(wanted);
            // One that has ended and waits for somebody to look is meant as well, if none runs.
            JobInfo onDisk = graph.jobOn(disk)
                    .or(() -> jobs.stream()
                            .filter(j ->
                                    graph.diskOf(j.id()).filter(disk::equals).isPresent())
                            .findFirst())
                    .orElse(null);
            if (onDisk != null) {
                return onDisk.id();
            }
        } catch (QmpException e) {
            // No disk of that name either: the message below says what there is.
        }
        throw new LocalException(
                "no-such-job",
                "no job '" + wanted + "' in this QEMU",
                jobs.isEmpty()
                        ? "it has no jobs: a job that ended and was dismissed leaves no trace but the chain"
                        : "its jobs are "
                                + jobs.stream().map(j -> j.id().value()).collect(Collectors.joining(", ")),
                null);
    }
}
