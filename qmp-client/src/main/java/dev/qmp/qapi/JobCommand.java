package dev.qmp.qapi;

import org.jspecify.annotations.Nullable;

/** A command that starts a job: one that takes a {@code job-id}. */
public interface JobCommand extends QmpCommand<Empty> {

    /** The id that the job gets; null where QEMU makes one up. */
    @Nullable
    String jobId();

    /**
     * This command with {@code auto-dismiss: false}: the job stays in QEMU until it is dismissed, and its error with it. A
     * command without that argument is returned as it is: QEMU keeps the jobs of those in any case.
     */
    JobCommand withoutAutoDismiss();
}
