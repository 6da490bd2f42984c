package dev.qmp.block;

import dev.qmp.job.JobId;
import dev.qmp.plan.DiskChange;
import dev.qmp.plan.Step;
import dev.qmp.plan.Step.AwaitJob;
import dev.qmp.plan.Step.EndJob;
import dev.qmp.plan.Step.Ending;
import dev.qmp.plan.Step.Point;
import dev.qmp.plan.Step.StartJob;
import dev.qmp.qapi.JobCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The steps of jobs that merge layers, of one disk or of several that change together: all are started, all have nothing
 * left to do but change their chains, and only then do they.
 *
 * <p>The change is ours to give ({@code auto-finalize: false}), so that the journal knows of it before the guest writes
 * anywhere else: in {@code PENDING} of an active commit QEMU holds the guest's requests back, and both files are equal (7.2,
 * 10.0, 11.1).
 */
final class MergeSteps {

    /**
     * One job.
     *
     * @param command with {@code auto-finalize: false}
     * @param ready how it goes on from READY; empty for a job that does not become that
     */
    record Merge(JobId job, JobCommand command, Disk disk, Optional<Ending> ready) {}

    private MergeSteps() {}

    static List<Step> of(List<Merge> merges) {
        List<Step> steps = new ArrayList<>();
        merges.forEach(
                merge -> steps.add(StartJob.of(merge.command(), merge.disk().name())));
        merges.forEach(merge -> merge.ready().ifPresent(how -> steps.add(new AwaitJob(merge.job(), Point.READY))));
        // A READY job follows the guest; those that do not are through by now or soon, and wait for it.
        merges.forEach(merge -> merge.ready().ifPresent(how -> steps.add(new EndJob(merge.job(), how))));
        merges.forEach(merge -> steps.add(new AwaitJob(merge.job(), Point.PENDING)));
        merges.forEach(merge -> steps.add(new EndJob(merge.job(), Ending.FINALIZE)));
        merges.forEach(merge -> steps.add(new AwaitJob(merge.job(), Point.ENDED)));
        return steps;
    }

    static DiskChange change(Disk disk, List<String> after) {
        return new DiskChange(
                disk.name(),
                disk.backend(),
                disk.qomPath(),
                disk.layers().stream().map(Layer::file).toList(),
                after);
    }
}
