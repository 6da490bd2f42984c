package dev.qmp.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.QmpClient;
import dev.qmp.block.BlockGraph;
import dev.qmp.block.CopyPlan;
import dev.qmp.block.CopyRequest.Ending;
import dev.qmp.block.Disk;
import dev.qmp.block.NodeName;
import dev.qmp.job.JobInfo;
import dev.qmp.operation.OperationResult;
import dev.qmp.operation.OperationResult.End;
import dev.qmp.plan.DiskChange;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tells of copies: shared by {@code copy} and virsh's {@code blockcopy}. */
final class Copies {

    private final Subcommand command;
    private final CopyPlan plan;

    Copies(Subcommand command, CopyPlan plan) {
        this.command = command;
        this.plan = plan;
    }

    /** A destination as the user wrote it; the name of a file is relative to his working folder. */
    static String destination(String word, CliContext context, QmpClient client) {
        return word.contains("://") ? word : Targets.file(word, context, client.address());
    }

    void tellBefore() {
        plan.notes().forEach(note -> command.note("note: " + note));
    }

    /** Where the data of the layers that the guest has left are now. */
    Afterwards afterwards() {
        DiskChange change = plan.plan().disks().get(0);
        List<String> left = change.before().stream()
                .filter(file -> !change.after().contains(file))
                .toList();
        return left.isEmpty() ? Afterwards.NOTHING : Afterwards.merged(left, plan.destination(), "copy");
    }

    int tell(OperationResult result) {
        if (command.json()) {
            command.print(document(result));
            return Failure.DONE;
        }
        if (result.end() == End.LEFT_RUNNING) {
            command.console().out(plan.jobId().value());
            return Failure.DONE;
        }
        String disk = plan.disk().name();
        if (plan.ending() == Ending.PIVOT) {
            command.console()
                    .out("copied " + disk + ", which goes on in the copy: "
                            + now(result).map(Disk::chainText).orElse("gone"));
        } else {
            command.console().out("copied " + disk + " to " + plan.destination() + " (" + plan.format() + ")");
        }
        tellAfter(result);
        return Failure.DONE;
    }

    /** What is left to do for the user. */
    void tellAfter(OperationResult result) {
        BlockGraph graph = result.graph();
        if (plan.ending() != Ending.PIVOT || graph == null) {
            return;
        }
        command.note("note: from now on QEMU has to be started with " + plan.destination() + "; "
                + plan.disk().layers().get(0).file() + " is kept as it was at that moment");
        List<NodeName> unused = plan.unusedNodes(graph);
        if (!unused.isEmpty()) {
            command.note("note: QEMU keeps the old nodes open that were added by name: "
                    + unused.stream().map(NodeName::value).collect(Collectors.joining(", "))
                    + "; `qmp exec TARGET blockdev-del node-name=NODE` closes one");
        }
    }

    private ObjectNode document(OperationResult result) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        @Nullable JobInfo job = result.jobs().get(plan.jobId());
        if (job != null) {
            document.set("job", Documents.job(job, null).put("disk", plan.disk().name()));
        }
        if (result.end() != End.LEFT_RUNNING) {
            document.set("chain", Documents.chains(now(result).map(List::of).orElse(List.of())));
        }
        return document;
    }

    private Optional<Disk> now(OperationResult result) {
        BlockGraph graph = result.graph();
        return graph == null ? Optional.empty() : graph.same(plan.disk());
    }
}
