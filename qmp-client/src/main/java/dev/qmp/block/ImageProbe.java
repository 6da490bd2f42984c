package dev.qmp.block;

import dev.qmp.QmpClient;
import dev.qmp.qapi.BlockDeviceInfo;
import dev.qmp.qapi.BlockdevAdd;
import dev.qmp.qapi.BlockdevDel;
import dev.qmp.qapi.BlockdevOptions;
import dev.qmp.qapi.BlockdevRef;
import dev.qmp.qapi.BlockdevRefOrNull;
import dev.qmp.qapi.ImageInfo;
import dev.qmp.qapi.OnOffAuto;
import dev.qmp.qapi.QueryNamedBlockNodes;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Looks at an image through QEMU's own eyes: added as a node, read-only and without locks, asked about, and deleted
 * again. The guest does not notice, and an image in use is not disturbed.
 */
final class ImageProbe {

    /**
     * What QEMU says of an image.
     *
     * @param backingFile what its header names, made absolute; null for none
     * @param backingFormat what its header says of the backing file's format; null for nothing
     */
    record Facts(
            String format,
            long virtualSize,
            @Nullable String backingFile,
            @Nullable String backingFormat) {}

    private final QmpClient client;

    ImageProbe(QmpClient client) {
        this.client = client;
    }

    /** How to look at a file without taking a lock. */
    static BlockdevOptions.File.Builder file(String path) {
        return BlockdevOptions.File.builder().filename(path).readOnly(true).locking(OnOffAuto.OFF);
    }

    /** Completes with the facts, or fails as {@code blockdev-add} does where QEMU cannot open the file as qcow2. */
    CompletableFuture<Facts> qcow2(String path) {
        return of(node -> BlockdevOptions.Qcow2.builder()
                .nodeName(node)
                .readOnly(true)
                .backing(new BlockdevRefOrNull.Null())
                .file(BlockdevRef.of(file(path).build()))
                .build());
    }

    /** The same of anything that can be added as a node of the name that {@code image} is given. */
    CompletableFuture<Facts> of(Function<String, BlockdevOptions> image) {
        String node = newName();
        return client.execute(new BlockdevAdd(image.apply(node)))
                .thenCompose(added -> client.execute(
                                QueryNamedBlockNodes.builder().flat(true).build())
                        .handle((nodes, failure) -> close(node)
                                .thenCompose(done -> failure == null
                                        ? CompletableFuture.completedFuture(facts(nodes, node))
                                        : CompletableFuture.<Facts>failedFuture(failure)))
                        .thenCompose(facts -> facts));
    }

    /** Opens a file, whatever is in it, and closes it again. Fails where QEMU cannot open it. */
    CompletableFuture<?> open(String path) {
        String node = newName();
        return client.execute(new BlockdevAdd(file(path).nodeName(node).build()))
                .thenCompose(added -> close(node));
    }

    private static String newName() {
        return "qmp-probe-" + Integer.toHexString(ThreadLocalRandom.current().nextInt());
    }

    private CompletableFuture<?> close(String node) {
        return client.execute(new BlockdevDel(node));
    }

    private static Facts facts(List<BlockDeviceInfo> nodes, String name) {
        BlockDeviceInfo node = nodes.stream()
                .filter(n -> name.equals(n.nodeName()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the node " + name + " was added and is not listed"));
        ImageInfo image = node.image();
        String full = image.fullBackingFilename();
        return new Facts(
                node.drv(),
                image.virtualSize(),
                full != null ? full : image.backingFilename(),
                image.backingFilenameFormat());
    }
}
