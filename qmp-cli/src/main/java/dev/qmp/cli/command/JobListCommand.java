package dev.qmp.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.qmp.QmpClient;
import dev.qmp.block.BlockGraph;
import dev.qmp.block.BlockOperations;
import dev.qmp.block.Disk;
import dev.qmp.cli.render.Percent;
import dev.qmp.cli.render.Sizes;
import dev.qmp.cli.render.Table;
import dev.qmp.job.JobInfo;
import picocli.CommandLine.Command;

@Command(name = "list", description = "Every job.")
final class JobListCommand extends TargetCommand {

    @Override
    int run(QmpClient client) throws InterruptedException {
        BlockGraph graph = await(new BlockOperations(client).graph());
        if (json()) {
            ArrayNode jobs = JsonNodeFactory.instance.arrayNode();
            graph.jobs().forEach(job -> jobs.add(Documents.job(job, graph)));
            print(jobs);
            return Failure.DONE;
        }
        Table table = new Table("JOB", "TYPE", "STATUS", "DISK", "DONE", "BYTES", "SPEED", "ERROR");
        for (JobInfo job : graph.jobs()) {
            table.row(
                    job.id().value(),
                    job.type().value(),
                    Documents.lower(job.status()),
                    graph.diskOf(job.id()).map(Disk::name).orElse("-"),
                    Percent.text(job.offset(), job.length()),
                    Sizes.human(job.offset()) + " of " + Sizes.human(job.length()),
                    job.speed() == 0 ? "-" : Sizes.human(job.speed()) + "/s",
                    job.error() == null ? "-" : job.error());
        }
        console().table(table);
        return Failure.DONE;
    }
}
