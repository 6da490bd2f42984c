package dev.qmp.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.QmpClient;
import dev.qmp.block.BlockOperations;
import dev.qmp.block.Disk;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.job.Job;
import dev.qmp.job.JobId;
import dev.qmp.job.JobInfo;
import dev.qmp.job.Jobs;
import dev.qmp.job.ProgressSubscription;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "wait", description = "Waits for a job's end, whoever started it, and tells how it ended.")
final class JobWaitCommand extends JobTargetCommand {

    @Option(
            names = "--progress",
            description = "with -o json: a JSON line at each progress, the last one is the result")
    private boolean progress;

    private @Nullable String disk;

    @Override
    @SuppressWarnings("try")
    int run(QmpClient client) throws InterruptedException {
        JobId id = find(client, job);
        // Asked before the job has ended: then QEMU does not tell any more.
        disk = await(new BlockOperations(client).graph())
                .diskOf(id)
                .map(Disk::name)
                .orElse(null);
        Job watched = await(new Jobs(client).adopt(id));
        JobInfo end;
        try (Interrupts ignored = Interrupts.of(this, watched, target, false)) {
            end = json() && progress ? streamed(client, watched) : shown(client, watched);
        }
        if (json()) {
            console().ndjson(document(end));
        } else {
            console().out("job " + id + " (" + end.type() + ") is done");
        }
        return Failure.DONE;
    }

    @SuppressWarnings("try")
    private JobInfo streamed(QmpClient client, Job watched) throws InterruptedException {
        try (ProgressSubscription ignored = watched.onProgress(info -> console().ndjson(document(info)))) {
            return end(client, watched);
        }
    }

    private JobInfo shown(QmpClient client, Job watched) throws InterruptedException {
        try (JobProgress shown = JobProgress.on(this, watched)) {
            JobInfo end = end(client, watched);
            shown.finished(end);
            return end;
        }
    }

    private ObjectNode document(JobInfo info) {
        return Documents.job(info, null).put("disk", disk);
    }

    private JobInfo end(QmpClient client, Job watched) throws InterruptedException {
        try {
            return await(watched.done());
        } catch (OutcomeUnknownException e) {
            throw e.reason() == OutcomeUnknownException.Reason.CONNECTION_LOST
                    ? UnknownEnd.ofJob(client, watched.id(), target, "the job died with it", e)
                    : e;
        }
    }
}
