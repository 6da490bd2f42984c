package dev.qmp.cli.command;

import dev.qmp.QmpClient;
import dev.qmp.block.BlockGraph;
import dev.qmp.block.BlockOperations;
import dev.qmp.block.Disk;
import dev.qmp.block.Layer;
import dev.qmp.cli.render.Sizes;
import dev.qmp.cli.render.Table;
import java.util.List;
import picocli.CommandLine.Command;

@Command(name = "disks", description = "The guest's drives: one row each.")
final class DisksCommand extends TargetCommand {

    @Override
    int run(QmpClient client) throws InterruptedException {
        BlockGraph graph = await(new BlockOperations(client).graph());
        graph.requireFiles();
        List<Disk> disks = graph.disks();
        if (json()) {
            print(Documents.disks(disks));
            return Failure.DONE;
        }
        Table table = new Table("DISK", "TYPE", "DEVICE", "FORMAT", "SIZE", "DEPTH", "MODE", "SOURCE");
        for (Disk disk : disks) {
            Layer active = disk.active().orElse(null);
            table.row(
                    disk.name(),
                    active == null ? "-" : Documents.lower(active.type()),
                    Documents.lower(disk.kind()),
                    active == null ? "-" : active.format(),
                    active == null ? "-" : Sizes.human(active.virtualSize()),
                    active == null ? "-" : Integer.toString(disk.layers().size() - 1),
                    disk.readOnly() ? "ro" : "rw",
                    active == null ? "-" : active.file());
        }
        console().table(table);
        return Failure.DONE;
    }
}
