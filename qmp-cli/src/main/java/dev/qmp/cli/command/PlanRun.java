package dev.qmp.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.QmpClient;
import dev.qmp.cli.state.StateException;
import dev.qmp.job.Job;
import dev.qmp.operation.OperationResult;
import dev.qmp.operation.Operations;
import dev.qmp.operation.RunningOperation;
import dev.qmp.plan.Plan;
import dev.qmp.plan.Step;
import dev.qmp.qapi.RawCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Carries a plan out, shows how it goes on, and writes down what it changed: shared by the operations and by virsh's words
 * for them. What the result looks like is theirs.
 */
final class PlanRun {

    private final Subcommand command;
    private final QmpClient client;
    private final String target;
    private final Records records;
    private JobDisplay.Maker display;
    private boolean leave;
    private boolean cancelOnInterrupt;
    private Consumer<Watched> watcher = watched -> {};

    PlanRun(Subcommand command, QmpClient client, String target) throws InterruptedException {
        this.command = command;
        this.client = client;
        this.target = target;
        this.records = new Records(command.context(), client);
        this.display = job -> JobProgress.on(command, job);
    }

    /** A disk's job that is waited for from now on, and the operation that it belongs to. */
    record Watched(Job job, RunningOperation operation) {}

    /** Leaves as soon as the disks' jobs run: {@code operations resume} finishes it. */
    PlanRun leaving(boolean noWait) {
        leave = noWait;
        return this;
    }

    PlanRun cancelling(boolean onInterrupt) {
        cancelOnInterrupt = onInterrupt;
        return this;
    }

    PlanRun showing(JobDisplay.Maker maker) {
        display = maker;
        return this;
    }

    /** Hears of each disk's job when it is there; called on the operation's thread, which waits meanwhile. */
    PlanRun watching(Consumer<Watched> jobs) {
        watcher = jobs;
        return this;
    }

    /** What {@code --dry-run} shows: the QMP lines on stdout, what is waited for and removed between them on stderr. */
    static int dryRun(Subcommand command, Plan plan) {
        if (command.json()) {
            ArrayNode steps = JsonNodeFactory.instance.arrayNode();
            plan.steps().forEach(step -> steps.add(step.toJson()));
            command.print(steps);
            return Failure.DONE;
        }
        for (Step step : plan.steps()) {
            Optional<RawCommand> line = step.command();
            if (line.isEmpty() || step instanceof Step.AwaitJob) {
                // Both streams lead to one terminal: in the order in which they are written.
                command.console().flush();
                command.note("# " + step.text());
            }
            line.ifPresent(sent -> command.console().ndjson(sent.toRequest()));
        }
        return Failure.DONE;
    }

    /** Runs the plan to its end. */
    OperationResult run(Plan plan, Afterwards afterwards) throws InterruptedException {
        PlanListener listener = listener(afterwards);
        return listener.await(new Operations(client, folder()).start(plan, attachment(afterwards), leave, listener));
    }

    OperationResult resume(String id, Afterwards afterwards) throws InterruptedException {
        PlanListener listener = listener(afterwards);
        return listener.await(new Operations(client, folder()).resume(id, listener));
    }

    OperationResult undo(String id) throws InterruptedException {
        PlanListener listener = listener(Afterwards.NOTHING);
        return listener.await(new Operations(client, folder()).undo(id, listener));
    }

    Path folder() {
        return records.operations();
    }

    private PlanListener listener(Afterwards afterwards) {
        return new PlanListener(command, target, folder(), display, watcher, cancelOnInterrupt, result -> {
            if (result.end() == OperationResult.End.DONE) {
                remember(afterwards);
            }
        });
    }

    private void remember(Afterwards afterwards) {
        try {
            afterwards.write(records);
        } catch (StateException e) {
            // The disks are as they were to be: that is the truth to tell, with what is missing from it.
            command.console().err("qmp: it is done, but not recorded: " + e.getMessage());
            command.console().err("hint: " + e.hint());
        }
    }

    /** What {@code operations} needs to know where QEMU is gone, and whoever finishes it. */
    private ObjectNode attachment(Afterwards afterwards) {
        ObjectNode attachment = JsonNodeFactory.instance
                .objectNode()
                .put("target", target)
                .put("monitor", client.address().toString());
        attachment.set("afterwards", afterwards.toJson());
        return attachment;
    }

    /** Whether an operation of this name is unfinished still. */
    static boolean open(Path folder, String id) {
        try {
            return Operations.open(folder).stream().anyMatch(open -> open.id().equals(id));
        } catch (IOException e) {
            return true;
        }
    }

    /** For an operation that stays unfinished, how to come back to it. */
    static void hint(Subcommand command, Path folder, String id, String target) {
        if (open(folder, id)) {
            command.console()
                    .err("hint: the operation " + id + " is unfinished: `qmp operations resume " + target + " " + id
                            + "` finishes it, `qmp operations undo " + target + " " + id + "` takes it back");
        }
    }

    /** The files that stayed though they were to go. */
    static void tellKept(Subcommand command, Map<String, String> kept) {
        kept.forEach((file, why) -> command.note("note: " + file + " was kept: " + why));
    }
}
