package dev.qmp.block;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/**
 * A file name as QEMU gives it, which is {@code json:{…}} where the options of the image do not fit a name. What is in the
 * braces are options as QEMU keeps them inside, with texts for numbers and booleans: no type of QAPI's reads them.
 */
final class PseudoName {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String PREFIX = "json:";

    private PseudoName() {}

    /** The file's own name, taken out of the braces where that is simple. */
    static String file(String name) {
        return protocolLayer(name).path("filename").asText(name);
    }

    /** The driver that reaches the data. */
    static String protocol(String name) {
        String driver = protocolLayer(name).path("driver").asText("");
        if (!driver.isEmpty()) {
            return driver;
        }
        String file = file(name);
        int colon = file.indexOf(':');
        return file.startsWith("/dev/")
                ? "host_device"
                : Paths.absolute(file) || colon < 0
                        ? "file"
                        : file.substring(0, colon).replaceAll("\\+.*", "");
    }

    private static JsonNode protocolLayer(String name) {
        try {
            return name.startsWith(PREFIX)
                    ? JSON.readTree(name.substring(PREFIX.length())).path("file")
                    : JsonNodeFactory.instance.objectNode();
        } catch (JsonProcessingException e) {
            return JsonNodeFactory.instance.objectNode();
        }
    }
}
