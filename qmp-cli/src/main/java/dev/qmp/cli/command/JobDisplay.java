package dev.qmp.cli.command;

import dev.qmp.job.Job;
import dev.qmp.job.JobInfo;

/** Shows a job while it is waited for; closed when it is waited for no more. */
interface JobDisplay extends AutoCloseable {

    /** Makes one for a job. */
    @FunctionalInterface
    interface Maker {
        JobDisplay on(Job job);
    }

    /** What was waited for has come. */
    void finished(JobInfo info);

    @Override
    void close();
}
