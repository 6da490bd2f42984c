package dev.qmp.cli.command;

import dev.qmp.block.BlockGraph;
import dev.qmp.block.BlockOperations;
import dev.qmp.block.Disk;
import dev.qmp.block.Layer;
import dev.qmp.cli.render.VirshTable;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "domblklist", description = "virsh's: the guest's disks. See also: disks")
final class DomblklistCommand extends DialectCommand {

    @Option(names = "--details", description = "type and device as well")
    private boolean details;

    @Option(names = "--inactive", hidden = true)
    private boolean inactive;

    @Override
    public Integer call() throws Exception {
        refuse(inactive, "--inactive", "nobody keeps a definition of a guest here; what is shown is the running one");
        checkRefused();
        String target = takeDomain();
        noMoreWords();
        List<Disk> disks;
        try (Connection connection = Connection.open(root(), target)) {
            BlockGraph graph = TargetCommand.await(new BlockOperations(connection.client()).graph());
            graph.requireFiles();
            disks = graph.disks();
        }
        if (json()) {
            print(Documents.disks(disks));
            return Failure.DONE;
        }
        VirshTable table =
                details ? new VirshTable("Type", "Device", "Target", "Source") : new VirshTable("Target", "Source");
        for (Disk disk : disks) {
            String source = disk.active().map(Layer::file).orElse("-");
            if (details) {
                String type = disk.active().map(l -> Documents.lower(l.type())).orElse("file");
                table.row(type, Documents.lower(disk.kind()), disk.name(), source);
            } else {
                table.row(disk.name(), source);
            }
        }
        console().lines(table.lines());
        return Failure.DONE;
    }
}
