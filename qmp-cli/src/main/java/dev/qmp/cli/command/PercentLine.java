package dev.qmp.cli.command;

import dev.qmp.cli.render.Percent;
import dev.qmp.job.Job;
import dev.qmp.job.JobInfo;
import dev.qmp.job.ProgressSubscription;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A job's progress in virsh's words, on a terminal; in a pipe the end alone, since a line cannot be rewritten there. */
final class PercentLine implements JobDisplay {

    private final Subcommand command;
    private final String title;
    private final boolean verbose;
    private final @Nullable ProgressSubscription subscription;

    private PercentLine(Subcommand command, Job job, String title, boolean verbose) {
        this.command = command;
        this.title = title;
        this.verbose = verbose && !command.options().quiet;
        this.subscription =
                this.verbose ? job.onProgress(info -> show(Percent.of(info.offset(), info.length()))) : null;
    }

    /** Nothing is shown unless {@code verbose}. */
    static Maker maker(Subcommand command, String title, boolean verbose) {
        return job -> new PercentLine(command, job, title, verbose);
    }

    private synchronized void show(int percent) {
        String line = String.format(Locale.ROOT, "%s: [%3d %%]", title, percent);
        if (command.console().errTerminal()) {
            command.console().progress(line);
        } else if (percent == 100) {
            command.console().err(line);
        }
    }

    @Override
    public void finished(JobInfo info) {
        close();
        if (verbose) {
            show(100);
            command.console().keepProgress();
        }
    }

    @Override
    public void close() {
        if (subscription != null) {
            subscription.close();
        }
    }
}
