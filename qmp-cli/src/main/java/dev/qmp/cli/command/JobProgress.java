package dev.qmp.cli.command;

import dev.qmp.cli.render.Progress;
import dev.qmp.job.Job;
import dev.qmp.job.JobInfo;
import dev.qmp.job.ProgressSubscription;
import dev.qmp.qapi.BlockDeviceIoStatus;

/** Shows a job's progress on stderr while it is waited for. */
final class JobProgress implements JobDisplay {

    private final Progress progress;
    private final ProgressSubscription subscription;
    private boolean nospace;

    private JobProgress(Subcommand command, Job job, Progress progress) {
        this.progress = progress;
        this.subscription = job.onProgress(info -> show(command, info));
    }

    static JobProgress on(Subcommand command, Job job) {
        Progress progress = new Progress(
                command.options().quiet ? null : command.console(),
                command.context().clock(),
                job.type().value());
        return new JobProgress(command, job, progress);
    }

    private synchronized void show(Subcommand command, JobInfo info) {
        progress.update(info.offset(), info.length());
        boolean stopped = noSpaceLeft(info) || BlockDeviceIoStatus.FAILED.equals(info.ioStatus());
        if (stopped && !nospace) {
            command.note("the job " + info.id() + " is paused by an I/O error ("
                    + (noSpaceLeft(info) ? "no space left" : "read or write failed")
                    + "): mend the cause, then `qmp job resume TARGET " + info.id() + "`");
        }
        nospace = stopped;
    }

    private static boolean noSpaceLeft(JobInfo info) {
        return BlockDeviceIoStatus.NOSPACE.equals(info.ioStatus());
    }

    /** The job is through, and only now the progress may say so. */
    @Override
    public synchronized void finished(JobInfo info) {
        subscription.close();
        progress.finish(info.length());
    }

    @Override
    public synchronized void close() {
        subscription.close();
        progress.end();
    }
}
