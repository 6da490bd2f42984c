package dev.qmp.block;

import dev.qmp.QmpClient;
import dev.qmp.block.ImageCreation.Style;
import dev.qmp.error.CommandFailedException;
import dev.qmp.error.UnsafeOperationException;
import dev.qmp.qapi.BlockDeviceInfo;
import dev.qmp.qapi.BlockdevCacheInfo;
import dev.qmp.qapi.BlockdevCacheOptions;
import dev.qmp.qapi.BlockdevDetectZeroesOptions;
import dev.qmp.qapi.QomGet;
import dev.qmp.qapi.QueryNamedBlockNodes;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Asks QEMU about a disk's device and about how its active layer is opened. */
final class DeviceProbe {

    private final QmpClient client;

    DeviceProbe(QmpClient client) {
        this.client = client;
    }

    /**
     * The object whose property {@code drive} is the disk's: what {@code query-block} names, or what that is a part of (a
     * virtio device has a backend inside, an USB stick a SCSI disk).
     */
    CompletableFuture<String> swappable(Disk disk) {
        return drive(disk, String.valueOf(disk.qomPath()))
                .thenCompose(path -> text(path, "share-rw").thenApply(shared -> {
                    if (shared.equals(Optional.of("true"))) {
                        throw new UnsafeOperationException(
                                "revert-shared",
                                "the disk " + disk.name()
                                        + " is shared with others that write to it (share-rw=on), who would stay where they are",
                                "go back offline, with all of them stopped");
                    }
                    return path;
                }));
    }

    private CompletableFuture<String> drive(Disk disk, String path) {
        return text(path, "drive").thenCompose(drive -> {
            String root = String.valueOf(disk.rootNode());
            if (drive.filter(name -> name.equals(disk.backend()) || name.equals(root))
                    .isPresent()) {
                return CompletableFuture.completedFuture(path);
            }
            String parent = path.substring(0, Math.max(0, path.lastIndexOf('/')));
            if (parent.split("/", -1).length < 4) {
                throw new UnsafeOperationException(
                        "revert-device",
                        "the device of " + disk.name() + " (" + disk.qomPath()
                                + ") has no property 'drive' with the node that it uses, so it can be given no other",
                        "go back offline: stop QEMU, and start it with an overlay on the image that you want");
            }
            return drive(disk, parent);
        });
    }

    private CompletableFuture<Optional<String>> text(String path, String property) {
        return client.execute(new QomGet(path, property))
                .thenApply(value -> Optional.of(value.toJson().asText()))
                .exceptionally(failure -> {
                    Throwable cause = BlockGraphReader.unwrap(failure);
                    if (cause instanceof CommandFailedException) {
                        return Optional.empty();
                    }
                    throw new CompletionException(cause);
                });
    }

    /** The caching and the zero detection that the user chose for the disk; they are the node's, and would go with it. */
    CompletableFuture<Style> style(Layer active) {
        return client.execute(QueryNamedBlockNodes.builder().flat(true).build())
                .thenApply(nodes -> nodes.stream()
                        .filter(node -> active.node().value().equals(node.nodeName()))
                        .findFirst()
                        .map(DeviceProbe::style)
                        .orElse(Style.DEFAULT));
    }

    private static Style style(BlockDeviceInfo node) {
        BlockdevCacheInfo cache = node.cache();
        return new Style(
                cache.direct() || cache.noFlush()
                        ? BlockdevCacheOptions.builder()
                                .direct(cache.direct())
                                .noFlush(cache.noFlush())
                                .build()
                        : null,
                node.detectZeroes().equals(BlockdevDetectZeroesOptions.OFF) ? null : node.detectZeroes());
    }
}
