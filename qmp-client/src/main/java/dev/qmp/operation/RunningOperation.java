package dev.qmp.operation;

import dev.qmp.plan.Step;
import java.util.concurrent.CompletableFuture;

/** An operation that is being carried out. Thread-safe. */
public interface RunningOperation {

    /** What it is called in {@link Operations#open}. */
    String id();

    /**
     * How it ended. Fails with
     *
     * <ul>
     *   <li>{@link dev.qmp.error.CommandFailedException} or {@link dev.qmp.error.JobFailedException} in QEMU's words; its hint
     *       says whether all was taken back, or the operation is open;
     *   <li>{@link dev.qmp.error.OutcomeUnknownException} and the other losses of a connection: it is open;
     *   <li>{@link dev.qmp.error.UnsafeOperationException} where the graph is not as it has to be for the next step: it is open.
     * </ul>
     */
    CompletableFuture<OperationResult> done();

    /**
     * Does one more thing now that is taken back when the operation ends, however it does: written down first, so that it is
     * taken back after a crash as well. Completes with QEMU's reply to it.
     */
    CompletableFuture<Void> also(Step.Send step);
}
