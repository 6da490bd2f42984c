package dev.qmp.block;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code query-named-block-nodes} would say of the nodes in the chains, put together from {@code query-block} and
 * {@code x-debug-query-block-graph}. For while there is a stream job: QEMU 7.2 and 10.0 die of a segmentation fault when
 * they are asked for the named nodes and a stream has concluded that nobody has dismissed, because the job then holds a
 * copy-on-read filter without a child. A running one may conclude before the question arrives.
 *
 * <p>Nodes outside of the chains are there with their names alone.
 */
final class ChainNodes {

    private static final JsonMapper JSON = new JsonMapper();

    private final Map<String, Map<String, String>> children = new LinkedHashMap<>();
    private final ArrayNode nodes = JsonNodeFactory.instance.arrayNode();
    private final Set<String> added = new HashSet<>();

    private ChainNodes(JsonNode debugGraph) {
        Map<Long, String> names = new HashMap<>();
        for (JsonNode node : debugGraph.path("nodes")) {
            if (node.path("type").asText().equals("block-driver")) {
                names.put(node.path("id").asLong(), node.path("name").asText());
                children.put(node.path("name").asText(), new LinkedHashMap<>());
            }
        }
        for (JsonNode edge : debugGraph.path("edges")) {
            String parent = names.get(edge.path("parent").asLong());
            String child = names.get(edge.path("child").asLong());
            if (parent != null && child != null) {
                of(parent).put(edge.path("name").asText(), child);
            }
        }
    }

    /** The nodes; none at all where the two answers do not fit, because the graph has moved between them. */
    static ArrayNode of(JsonNode queryBlock, JsonNode debugGraph) {
        ChainNodes chains = new ChainNodes(debugGraph);
        for (JsonNode drive : queryBlock) {
            JsonNode inserted = drive.path("inserted");
            if (inserted.has("node-name") && !chains.chain(inserted)) {
                return JsonNodeFactory.instance.arrayNode();
            }
        }
        for (String name : List.copyOf(chains.children.keySet())) {
            chains.add(name, "?", true, JsonNodeFactory.instance.objectNode().put("filename", ""));
        }
        return chains.nodes;
    }

    private boolean chain(JsonNode inserted) {
        String node = inserted.path("node-name").asText();
        boolean readOnly = inserted.path("ro").asBoolean();
        JsonNode image = inserted.path("image");
        while (true) {
            if (!children.containsKey(node)) {
                return false;
            }
            String format = image.path("format").asText("?");
            add(node, format, readOnly, image);
            JsonNode below = image.path("backing-image");
            boolean filter = BlockNode.isFilter(format);
            String source = of(node).get("file");
            if (source != null && !filter) {
                add(source, protocol(image), readOnly, image(file(image), image));
            }
            String next = filter && source != null ? source : of(node).get("backing");
            if (below.isMissingNode()) {
                return true;
            }
            if (next == null) {
                return false;
            }
            node = belowFilters(next, below);
            image = below;
            readOnly = true;
        }
    }

    /** {@code query-block} hides the filters that jobs put in between; the edges go through them. */
    private String belowFilters(String from, JsonNode image) {
        String node = from;
        String child = onlyChild(node);
        while (child != null
                && !of(child).isEmpty()
                && !BlockNode.isFilter(image.path("format").asText())
                && !image.path("format").asText().equals("raw")) {
            add(node, "copy-on-read", true, image(file(image), image));
            node = child;
            child = onlyChild(node);
        }
        return node;
    }

    private @Nullable String onlyChild(String node) {
        return of(node).size() == 1 ? of(node).values().iterator().next() : null;
    }

    private Map<String, String> of(String node) {
        return children.computeIfAbsent(node, n -> new LinkedHashMap<>());
    }

    private void add(String name, String driver, boolean readOnly, JsonNode image) {
        if (added.add(name)) {
            nodes.addObject()
                    .put("node-name", name)
                    .put("drv", driver)
                    .put("ro", readOnly)
                    .set("image", image);
        }
    }

    private static ObjectNode image(String filename, JsonNode of) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("filename", filename)
                .put("virtual-size", of.path("virtual-size").asLong());
    }

    /** The file's own name, taken out of a {@code json:} one where that is simple. */
    private static String file(JsonNode image) {
        String name = image.path("filename").asText();
        return options(name).path("file").path("filename").asText(name);
    }

    private static String protocol(JsonNode image) {
        String name = file(image);
        String driver = options(name).path("file").path("driver").asText("");
        if (!driver.isEmpty()) {
            return driver;
        }
        int colon = name.indexOf(':');
        return name.startsWith("/dev/")
                ? "host_device"
                : Paths.absolute(name) || colon < 0
                        ? "file"
                        : name.substring(0, colon).replaceAll("\\+.*", "");
    }

    private static JsonNode options(String filename) {
        try {
            return filename.startsWith("json:")
                    ? JSON.readTree(filename.substring("json:".length()))
                    : JsonNodeFactory.instance.objectNode();
        } catch (JsonProcessingException e) {
            return JsonNodeFactory.instance.objectNode();
        }
    }
}
