package dev.qmp.cli.command;

import dev.qmp.QmpClient;
import dev.qmp.cli.render.Sizes;
import dev.qmp.job.Convergence;
import dev.qmp.job.Job;
import dev.qmp.job.JobInfo;
import dev.qmp.qapi.BlockJobChange;
import dev.qmp.qapi.BlockJobChangeOptions;
import dev.qmp.qapi.MirrorCopyMode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Watches whether a mirror catches up with the guest. Where it does not, and this QEMU can, the guest's writes wait for the
 * copy from then on, which ends the race; else the user hears what he can do.
 */
final class CatchUp {

    private final Subcommand command;
    private final QmpClient client;
    private final Convergence convergence;
    private boolean told;

    private CatchUp(Subcommand command, QmpClient client, Duration patience) {
        this.command = command;
        this.client = client;
        this.convergence = new Convergence(patience);
    }

    static void watch(Subcommand command, QmpClient client, Job job, Duration patience) {
        CatchUp catchUp = new CatchUp(command, client, patience);
        job.onProgress(info -> catchUp.update(job, info));
    }

    private void update(Job job, JobInfo info) {
        convergence.update(info).filter(stall -> !told).ifPresent(stall -> {
            told = true;
            String rates = "the guest writes " + Sizes.human(Math.max(0, stall.written())) + "/s and the copy does "
                    + Sizes.human(Math.max(0, stall.copied())) + "/s, "
                    + Sizes.human(stall.remaining()) + " are left";
            change(job, rates);
        });
    }

    private void change(Job job, String rates) {
        client.schema()
                .thenCompose(schema -> schema.hasCommand(BlockJobChange.NAME)
                        ? client.execute(new BlockJobChange(new BlockJobChangeOptions.Mirror(
                                        job.id().value(), MirrorCopyMode.WRITE_BLOCKING)))
                                .thenApply(done -> true)
                        : CompletableFuture.completedFuture(false))
                .whenComplete((changed, failure) -> tell(job, rates, failure == null && changed));
    }

    private void tell(Job job, String rates, boolean changed) {
        command.note(
                changed
                        ? "note: " + rates + ": from now on the guest's writes wait for the copy (write-blocking)"
                        : "note: " + rates + ": it does not catch up, and this QEMU cannot change that on the way."
                                + " Have the guest write less; or interrupt this, which leaves the copy running, raise its"
                                + " speed (`qmp job speed TARGET " + job.id() + " SIZE`) and resume the operation;"
                                + " or begin again with --synchronous-writes");
    }
}
