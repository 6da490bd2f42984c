package dev.qmp.block;

import dev.qmp.QmpClient;
import dev.qmp.qapi.BlockDeviceInfo;
import dev.qmp.qapi.BlockDirtyInfo;
import dev.qmp.qapi.QueryNamedBlockNodes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a copy should have from its disk besides the data, or cannot have.
 *
 * @param direct whether the disk's data go past the host's page cache ({@code cache.direct})
 * @param encrypted whether the disk's image keeps them encrypted
 * @param bitmaps the names of its dirty bitmaps
 */
record CopySource(boolean direct, boolean encrypted, List<String> bitmaps) {

    /** Of a disk of which no more is to be had: see {@link ChainNodes}. */
    static final CopySource UNKNOWN = new CopySource(false, false, List.of());

    CopySource {
        bitmaps = List.copyOf(bitmaps);
    }

    static CompletableFuture<CopySource> of(QmpClient client, BlockGraph graph, Layer active) {
        if (BlockGraph.unaskable(graph.jobs()).isPresent()) {
            return CompletableFuture.completedFuture(UNKNOWN);
        }
        return client.execute(QueryNamedBlockNodes.builder().flat(true).build())
                .thenApply(nodes -> of(nodes, graph, active));
    }

    private static CopySource of(List<BlockDeviceInfo> nodes, BlockGraph graph, Layer active) {
        BlockNode image = graph.node(active.node());
        NodeName file = image == null ? active.node() : image.child("file").orElse(active.node());
        boolean direct = false;
        boolean encrypted = active.format().equals("luks");
        List<String> bitmaps = new ArrayList<>();
        for (BlockDeviceInfo node : nodes) {
            String name = Objects.requireNonNullElse(node.nodeName(), "");
            direct |= name.equals(file.value()) && node.cache().direct();
            if (name.equals(active.node().value())) {
                encrypted |= node.encrypted();
                bitmaps.addAll(names(node.dirtyBitmaps()));
            }
        }
        return new CopySource(direct, encrypted, bitmaps);
    }

    private static List<String> names(@Nullable List<BlockDirtyInfo> bitmaps) {
        return bitmaps == null
                ? List.of()
                : bitmaps.stream()
                        .map(BlockDirtyInfo::name)
                        .filter(Objects::nonNull)
                        .toList();
    }

    /** What a user should know of a copy that does not have all that the disk has. */
    List<String> notes(CopyRequest.Ending ending) {
        List<String> notes = new ArrayList<>();
        if (encrypted) {
            notes.add("the disk's image is encrypted, and the copy is not");
        }
        if (!bitmaps.isEmpty() && ending != CopyRequest.Ending.KEEP) {
            notes.add("the dirty bitmaps stay with the old image (" + String.join(", ", bitmaps)
                    + "): the next backup is a full one");
        }
        return notes;
    }
}
