package dev.qmp.block;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.qmp.Await;
import dev.qmp.block.CopyRequest.Ending;
import dev.qmp.job.Job;
import dev.qmp.operation.OperationListener;
import dev.qmp.operation.OperationResult;
import dev.qmp.operation.Operations;
import dev.qmp.operation.RunningOperation;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** Copies on a bench: planned, run, and their jobs in hand while they run. */
final class Copies {

    private final Bench bench;
    private final Path state;

    Copies(Bench bench, Path state) {
        this.bench = bench;
        this.state = state;
    }

    static CopyRequest.Builder to(Object destination, Ending ending) {
        return CopyRequest.builder("vda", destination.toString(), ending);
    }

    CopyPlan plan(CopyRequest.Builder request) {
        return Await.value(bench.block.plan(request.build()));
    }

    /** A copy that is under way; {@code job} completes when its mirror is there. */
    record Running(CopyPlan plan, RunningOperation operation, CompletableFuture<Job> job) {

        Job mirror() {
            return Await.value(job);
        }

        OperationResult result() {
            return Await.value(operation.done());
        }
    }

    Running start(CopyPlan plan) {
        CompletableFuture<Job> mirror = new CompletableFuture<>();
        RunningOperation operation = new Operations(bench.client, state)
                .start(plan.plan(), JsonNodeFactory.instance.objectNode(), false, new OperationListener() {
                    @Override
                    public void job(Job job) {
                        if (job.id().equals(plan.jobId())) {
                            mirror.complete(job);
                        }
                    }
                });
        return new Running(plan, operation, mirror);
    }

    OperationResult run(CopyRequest.Builder request) {
        return start(plan(request)).result();
    }
}
