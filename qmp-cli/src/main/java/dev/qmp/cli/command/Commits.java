package dev.qmp.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.block.BlockGraph;
import dev.qmp.block.CommitPlan;
import dev.qmp.block.Disk;
import dev.qmp.block.Layer;
import dev.qmp.job.JobInfo;
import dev.qmp.operation.OperationResult;
import dev.qmp.operation.OperationResult.End;
import java.util.List;

/** Runs a commit and tells of it: shared by {@code commit} and virsh's {@code blockcommit}. */
final class Commits {

    private final Subcommand command;
    private final String target;

    Commits(Subcommand command, String target) {
        this.command = command;
        this.target = target;
    }

    static List<String> files(CommitPlan plan) {
        return plan.merged().stream().map(Layer::file).toList();
    }

    /** What the records have to say when it is done. */
    static Afterwards afterwards(CommitPlan plan) {
        return plan.changesChain() ? Afterwards.merged(files(plan), plan.base().file(), "commit") : Afterwards.NOTHING;
    }

    OperationResult run(PlanRun run, CommitPlan plan) throws InterruptedException {
        OperationResult result = run.run(plan.plan(), afterwards(plan));
        if (result.end() == End.LEFT_RUNNING) {
            return left(plan, result);
        }
        if (command.json()) {
            command.print(document(plan.disk().name(), result));
        }
        return result;
    }

    private OperationResult left(CommitPlan plan, OperationResult result) {
        if (command.json()) {
            command.print(document(plan.disk().name(), result));
        } else {
            command.console().out(plan.jobId().value());
        }
        command.note("note: `qmp operations resume " + target + " " + result.id() + "` finishes it");
        return result;
    }

    /** The job and the chain as they are now. */
    static ObjectNode document(String disk, OperationResult result) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        List<JobInfo> jobs = List.copyOf(result.jobs().values());
        if (!jobs.isEmpty()) {
            document.set("job", Documents.job(jobs.get(jobs.size() - 1), null).put("disk", disk));
        }
        document.set("chain", Documents.chains(disk(disk, result)));
        ArrayNode removed = document.putArray("removed");
        result.removed().forEach(removed::add);
        return document;
    }

    static List<Disk> disk(String name, OperationResult result) {
        BlockGraph graph = result.graph();
        return graph == null
                ? List.of()
                : graph.disks().stream().filter(d -> d.name().equals(name)).toList();
    }

    void tell(CommitPlan plan, OperationResult result) {
        String chain = disk(plan.disk().name(), result).stream()
                .map(Disk::chainText)
                .findFirst()
                .orElse("");
        command.console().out("committed " + plan.disk().name() + ": " + chain);
        for (String file : result.removed()) {
            command.note("note: " + file + " is removed");
        }
        PlanRun.tellKept(command, result.kept());
        if (!plan.changesChain()) {
            command.note("note: the guest stays in " + plan.top().file() + "; "
                    + plan.base().file() + " has all that was written until now");
            return;
        }
        if (result.removed().isEmpty() && result.kept().isEmpty()) {
            for (Layer merged : plan.merged()) {
                command.note("note: " + merged.file() + " is no longer used by this guest; its file was kept");
            }
        }
        if (plan.active()) {
            command.note("note: the guest writes to " + plan.base().file() + " now: start it with that file next time");
        }
    }
}
