package dev.qmp.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.QmpClient;
import dev.qmp.block.BlockOperations;
import dev.qmp.block.Layer;
import dev.qmp.block.PullPlan;
import dev.qmp.block.PullResult;
import dev.qmp.block.RunningPull;
import dev.qmp.error.OutcomeUnknownException;
import java.util.List;

/** Runs a pull and tells of it: shared by {@code pull} and virsh's {@code blockpull}. */
final class Pulls {

    private final Subcommand command;
    private final QmpClient client;
    private final BlockOperations operations;
    private final String target;

    Pulls(Subcommand command, QmpClient client, BlockOperations operations, String target) {
        this.command = command;
        this.client = client;
        this.operations = operations;
        this.target = target;
    }

    int run(PullPlan plan, boolean noWait, boolean cancelOnInterrupt) throws InterruptedException {
        if (noWait) {
            RunningPull pull = start(plan);
            if (command.json()) {
                ObjectNode document = JsonNodeFactory.instance.objectNode();
                document.set(
                        "job",
                        Documents.job(pull.job().info(), null)
                                .put("disk", plan.disk().name()));
                command.print(document);
            } else {
                command.console().out(plan.jobId().value());
            }
            return Failure.DONE;
        }
        PullResult result;
        try (Interrupts interrupts = Interrupts.starting(command, plan.jobId(), target, cancelOnInterrupt)) {
            RunningPull pull = start(plan);
            interrupts.started(pull.job());
            try (JobProgress progress = JobProgress.on(command, pull.job())) {
                result = await(plan, pull);
                progress.finished(result.job());
            }
        }
        remember(plan);
        if (command.json()) {
            ObjectNode document = JsonNodeFactory.instance.objectNode();
            document.set(
                    "job",
                    Documents.job(result.job(), null).put("disk", plan.disk().name()));
            document.set("chain", Documents.chains(List.of(result.disk())));
            command.print(document);
        } else {
            command.console()
                    .out("pulled " + plan.disk().name() + ": " + result.disk().chainText());
            for (Layer merged : plan.merged()) {
                command.note("note: " + merged.file() + " is no longer used by this guest; its file was kept");
            }
        }
        return Failure.DONE;
    }

    RunningPull start(PullPlan plan) throws InterruptedException {
        if (plan.staleJob() != null) {
            command.note(
                    "note: an earlier job " + plan.staleJob() + " had ended and nobody had looked; it is dismissed");
        }
        return TargetCommand.await(operations.start(plan));
    }

    PullResult await(PullPlan plan, RunningPull pull) throws InterruptedException {
        try {
            return TargetCommand.await(pull.done());
        } catch (OutcomeUnknownException e) {
            if (e.reason() == OutcomeUnknownException.Reason.CONNECTION_LOST) {
                throw UnknownEnd.ofJob(
                        client,
                        plan.jobId(),
                        target,
                        "the chain on disk is as before, and what was copied does no harm: "
                                + plan.disk().chainText(),
                        e);
            }
            throw e;
        }
    }

    /** Writes down where the data of the merged layers are now, so that the tree of snapshots can tell. */
    void remember(PullPlan plan) throws InterruptedException {
        new Records(command.context(), client)
                .merged(
                        plan.merged().stream().map(Layer::file).toList(),
                        plan.disk().layers().get(0).file(),
                        "pull");
    }
}
