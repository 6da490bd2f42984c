package dev.qmp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.qmp.session.TrafficListener;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes secrets out of QMP documents, for logs and recordings. What is secret is decided by what QAPI, the human monitor and
 * the guest agent call it; ids of secret objects ({@code key-secret}, {@code password-secret}, {@code passwordid}) are none,
 * and neither is data for the guest ({@code guest-file-write}, {@code ringbuf-write}).
 */
public final class Secrets {

    /** What stands in a secret's place. */
    public static final String MASK = "***";

    private static final String MASKED = "$1" + MASK;

    /**
     * Members that are secret wherever they stand, and under whatever command, those that we do not know included.
     * {@code password}: set_password, change-vnc-password, block_passwd (ui.json, block.json; the last up to 5.2),
     * guest-set-user-password (qga/qapi-schema.json; base64). {@code secret}: sev-inject-launch-secret
     * (misc-target.json). {@code cookie}: blockdev-add of http and https (block-core.json, BlockdevOptionsCurlHttp). The
     * others: what commands that are yet to come may call it.
     */
    private static final Set<String> MEMBERS = Set.of(
            "password",
            "passwd",
            "passphrase",
            "secret",
            "cookie",
            "private-key",
            "key-material",
            "secret-key",
            "token");

    /** object-add (qom.json): {@code data} of what holds a secret; before 6.0 within {@code props}. */
    private static final String SECRET_TYPES = "secret";

    private static final String DATA = "data";

    /** {@code user:password@host} in a URL, and iSCSI's {@code user%password@host} (QEMU's manual, "Disk Images"). */
    private static final Pattern IN_URL = Pattern.compile("((?:://[^/@:\\s]*:)|(?:iscsi://[^/@:%\\s]*%))[^/\\s]+(?=@)");

    /** {@code rbd:pool/image:id=…:key=…}, the form that block-core.json has replaced by {@code key-secret}. */
    private static final Pattern RBD_KEY = Pattern.compile(":key=");

    /** Words of the human monitor (hmp-commands.hx). */
    private static final Pattern IN_LINE = Pattern.compile(
            "^(\\s*(?:set_password\\s+\\S+|block_passwd\\s+\\S+|change\\s+\\S+\\s+(?:passwd|password)"
                    + "|qom-set\\s+(?:-j\\s+)?\\S+\\s+(?:data|password|passwd|passphrase|secret|cookie))\\s+)\\S.*",
            Pattern.DOTALL);

    /** Options of the human monitor's object_add, drive_add and the like. */
    private static final Pattern OPTION =
            Pattern.compile("(?<![\\w-])(?:data|password|passwd|passphrase|secret|cookie)=");

    /**
     * A member that may be secret, in JSON that is a text's part: {@code json:{…}}, the file name that QEMU makes of what has
     * no other (with a cookie in it, for one), and the human monitor's object_add.
     */
    private static final Pattern IN_JSON =
            Pattern.compile("\"(?:[\\w.-]*\\.)?(?:data|" + String.join("|", MEMBERS) + ")\"");

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build());

    private Secrets() {}

    /** The document on one line with its secrets masked; of a text that is no JSON only the length is told, as a JSON text. */
    public static String mask(String json) {
        try {
            return JSON.writeValueAsString(mask(JSON.readTree(json)));
        } catch (JsonProcessingException e) {
            return "\"(" + json.length() + " characters that are no JSON)\"";
        }
    }

    /** A copy of the document with its secrets masked. */
    public static JsonNode mask(JsonNode document) {
        JsonNode copy = document.deepCopy();
        mask(copy, false);
        return copy;
    }

    /** A listener that passes the documents of a session on with their secrets masked. */
    public static TrafficListener masked(TrafficListener listener) {
        return new TrafficListener() {
            @Override
            public void document(Direction direction, Instant at, String json) {
                listener.document(direction, at, mask(json));
            }

            @Override
            public void lost(long documents) {
                listener.lost(documents);
            }
        };
    }

    private static void mask(JsonNode node, boolean inSecret) {
        if (node instanceof ObjectNode object) {
            boolean secretObject =
                    inSecret || object.path("qom-type").asText("").startsWith(SECRET_TYPES);
            // qom-set names it property, qom-list-get (QEMU 10.1) name
            String property = object.path("property").asText(object.path("name").asText(""));
            boolean settingSecret = property.equals(DATA) || MEMBERS.contains(property);
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                String name = member.getKey().substring(member.getKey().lastIndexOf('.') + 1); // file.cookie
                boolean secret = MEMBERS.contains(name)
                        || (secretObject && name.equals(DATA))
                        || (settingSecret && name.equals("value"));
                if (secret && !member.getValue().isNull() && !member.getValue().isBoolean()) {
                    member.setValue(TextNode.valueOf(MASK));
                } else if (member.getValue() instanceof TextNode text) {
                    member.setValue(TextNode.valueOf(text(name, text.textValue())));
                } else {
                    mask(member.getValue(), secretObject && name.equals("props"));
                }
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                if (array.get(i) instanceof TextNode text) {
                    array.set(i, TextNode.valueOf(text("", text.textValue())));
                } else {
                    mask(array.get(i), false);
                }
            }
        }
    }

    private static String text(String member, String text) {
        String masked = text;
        if (member.equals("command-line")) {
            masked = IN_LINE.matcher(masked).replaceFirst(MASKED);
            masked = values(masked, OPTION, ',');
        }
        if (masked.contains("rbd:")) {
            masked = values(masked, RBD_KEY, ':');
        }
        masked = inJson(masked);
        return masked.contains("@") ? IN_URL.matcher(masked).replaceAll(MASKED) : masked;
    }

    /** From what is no JSON on, such as a text that QEMU has cut off, all is masked where a secret may be in it. */
    private static String inJson(String text) {
        if (text.indexOf('{') < 0 || !IN_JSON.matcher(text).find()) {
            return text;
        }
        StringBuilder masked = new StringBuilder();
        int copied = 0;
        for (int start = text.indexOf('{'); start >= 0; start = text.indexOf('{', copied)) {
            masked.append(text, copied, start);
            copied = start;
            try (Reader rest = new StringReader(text)) {
                rest.skip(start); // a substring for each of them would make it quadratic
                JsonParser parser = JSON.createParser(rest);
                JsonNode found = JSON.readTree(parser);
                int end = start + (int) parser.currentLocation().getCharOffset();
                JsonNode without = mask(found);
                masked.append(found.equals(without) ? text.substring(start, end) : JSON.writeValueAsString(without));
                copied = end;
            } catch (IOException e) {
                return IN_JSON.matcher(text).find(start)
                        ? masked.append(MASK).toString()
                        : masked.append(text, start, text.length()).toString();
            }
        }
        return masked.append(text, copied, text.length()).toString();
    }

    /**
     * Masks what follows {@code name} up to {@code separator}; one that is doubled, or behind a backslash, is part of the
     * value. By hand: a regular expression with alternatives overflows the stack on a text of a few thousand characters.
     */
    private static String values(String text, Pattern name, char separator) {
        StringBuilder masked = new StringBuilder();
        Matcher found = name.matcher(text);
        int copied = 0;
        while (found.find(copied)) {
            int end = found.end();
            while (end < text.length() && text.charAt(end) != separator) {
                boolean escape = text.charAt(end) == '\\';
                end += escape ? 2 : 1;
                if (text.startsWith(String.valueOf(separator).repeat(2), end)) {
                    end += 2;
                }
            }
            masked.append(text, copied, found.end()).append(MASK);
            copied = Math.min(end, text.length());
        }
        return masked.append(text, copied, text.length()).toString();
    }
}
