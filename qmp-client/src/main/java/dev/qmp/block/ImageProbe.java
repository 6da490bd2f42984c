package dev.qmp.block;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.QmpClient;
import dev.qmp.qapi.RawCommand;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
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

    static ObjectNode file(String path) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("driver", "file")
                .put("filename", path)
                .put("read-only", true)
                .put("locking", "off");
    }

    /** Completes with the facts, or fails as {@code blockdev-add} does where QEMU cannot open the file as qcow2. */
    CompletableFuture<Facts> qcow2(String path) {
        ObjectNode options =
                JsonNodeFactory.instance.objectNode().put("driver", "qcow2").put("read-only", true);
        options.putNull("backing");
        options.set("file", file(path));
        return open(options)
                .thenCompose(node -> client.execute(
                                RawCommand.of("query-named-block-nodes").with("flat", true))
                        .handle((nodes, failure) -> close(node)
                                .thenCompose(done -> failure == null
                                        ? CompletableFuture.completedFuture(facts(nodes, node))
                                        : CompletableFuture.<Facts>failedFuture(failure)))
                        .thenCompose(facts -> facts));
    }

    /** Adds a node and completes with its name. */
    CompletableFuture<String> open(ObjectNode options) {
        String node =
                "qmp-probe-" + Integer.toHexString(ThreadLocalRandom.current().nextInt());
        return client.execute(RawCommand.of("blockdev-add", options.put("node-name", node)))
                .thenApply(added -> node);
    }

    CompletableFuture<?> close(String node) {
        return client.execute(RawCommand.of("blockdev-del").with("node-name", node));
    }

    private static Facts facts(JsonNode nodes, String name) {
        for (JsonNode node : nodes) {
            if (node.path("node-name").asText().equals(name)) {
                JsonNode image = node.path("image");
                JsonNode backing = image.path("full-backing-filename").isTextual()
                        ? image.path("full-backing-filename")
                        : image.path("backing-filename");
                return new Facts(
                        node.path("drv").asText(),
                        image.path("virtual-size").asLong(),
                        backing.isTextual() ? backing.textValue() : null,
                        image.path("backing-filename-format").isTextual()
                                ? image.path("backing-filename-format").textValue()
                                : null);
            }
        }
        throw new IllegalStateException("the node " + name + " was added and is not listed");
    }
}
