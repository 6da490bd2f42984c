package dev.qmp.cli.command;

import dev.qmp.QmpClient;
import dev.qmp.block.BlockGraph;
import dev.qmp.block.BlockOperations;
import dev.qmp.block.Disk;
import dev.qmp.block.Layer;
import dev.qmp.cli.render.ChainTree;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "chain", description = "The live backing chain of each disk, active layer first.")
final class ChainCommand extends TargetCommand {

    private enum Format {
        tree,
        json
    }

    @Parameters(index = "1", arity = "0..1", paramLabel = "DISK", description = "only this disk's")
    private @Nullable String disk;

    @Option(names = "--format", paramLabel = "tree|json", description = "how to write it (default: tree)")
    private @Nullable Format format;

    @Override
    int run(QmpClient client) throws InterruptedException {
        BlockGraph graph = await(new BlockOperations(client).graph());
        graph.requireFiles();
        List<Disk> disks =
                disk == null ? graph.disks().stream().filter(Disk::inserted).toList() : List.of(graph.disk(disk));
        if (json() || format == Format.json) {
            print(Documents.chains(disks));
            return Failure.DONE;
        }
        for (Disk one : disks) {
            console().lines(ChainTree.render(one.name(), rows(one), console().outColor()));
        }
        return Failure.DONE;
    }

    private static List<ChainTree.Row> rows(Disk disk) {
        return disk.layers().stream().map(ChainCommand::row).toList();
    }

    private static ChainTree.Row row(Layer layer) {
        return new ChainTree.Row(
                layer.file(),
                layer.format(),
                layer.virtualSize(),
                layer.actualSize(),
                layer.node().value(),
                layer.active());
    }
}
