package dev.qmp.block;

import dev.qmp.QmpClient;
import dev.qmp.error.CommandFailedException;
import dev.qmp.qapi.BlockdevDel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The nodes that copies of a disk have left open, known by the names that {@link CopyPlanner} gives. */
final class CopyNodes {

    private final QmpClient client;
    private final BlockGraph graph;

    CopyNodes(QmpClient client, BlockGraph graph) {
        this.client = client;
        this.graph = graph;
    }

    /** An image before the file that it is in. What is in use QEMU itself does not close. */
    CompletableFuture<List<NodeName>> close(Disk disk) {
        String image = OverlayNames.wished(disk, "copy");
        String file = OverlayNames.wished(disk, "copy-file");
        List<NodeName> left = graph.nodes().keySet().stream()
                .filter(node -> is(node, image) || is(node, file))
                .sorted(Comparator.comparing((NodeName node) -> is(node, file)))
                .toList();
        CompletableFuture<List<NodeName>> closed = CompletableFuture.completedFuture(List.of());
        for (NodeName node : left) {
            closed = closed.thenCompose(before -> client.execute(new BlockdevDel(node.value()))
                    .handle((done, failure) -> after(before, node, failure)));
        }
        return closed;
    }

    private static List<NodeName> after(List<NodeName> before, NodeName node, @Nullable Throwable failure) {
        if (failure == null) {
            List<NodeName> all = new ArrayList<>(before);
            all.add(node);
            return all;
        }
        if (BlockGraphReader.unwrap(failure) instanceof CommandFailedException) {
            return before; // it is in use
        }
        throw new CompletionException(BlockGraphReader.unwrap(failure));
    }

    private static boolean is(NodeName node, String wished) {
        return node.value().equals(wished) || node.value().matches(Pattern.quote(wished) + "-\\d+");
    }
}
