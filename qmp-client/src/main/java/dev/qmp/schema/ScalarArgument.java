package dev.qmp.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.qmp.schema.SchemaType.Builtin;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One text as one JSON value without parts, by its type; none where the text is no such value. */
final class ScalarArgument {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Pattern INTEGER = Pattern.compile("([+-]?)(?:0[xX]([0-9a-fA-F]+)|([0-9]+)([kKmMgGtTpPeE]?))");
    private static final String UNITS = "KMGTPE";
    private static final Set<String> TRUE = Set.of("on", "true", "yes");
    private static final Set<String> FALSE = Set.of("off", "false", "no");

    private ScalarArgument() {}

    static Optional<JsonNode> of(String path, SchemaType type, String text) {
        if (type instanceof SchemaType.Enumeration enumeration) {
            return enumeration.has(text) ? Optional.of(string(text)) : Optional.empty();
        }
        // A built-in type that a later QEMU invented is guessed at, as "any" is.
        String kind = type instanceof Builtin builtin ? builtin.jsonType() : "value";
        return switch (kind) {
            case "string" -> Optional.of(string(text));
            case "int" -> integer(text);
            case "number" -> number(text);
            case "boolean" -> bool(text);
            case "null" -> text.equals("null") ? Optional.of(NODES.nullNode()) : Optional.empty();
            default -> Optional.of(any(path, text));
        };
    }

    static JsonNode string(String text) {
        return NODES.textNode(text);
    }

    /** JSON where it is JSON, else a string; but what begins like JSON's brackets or quotes was meant to be JSON. */
    static JsonNode any(String path, String text) {
        if (!text.isEmpty() && "{[\"".indexOf(text.charAt(0)) >= 0) {
            return ArgumentJson.parse("'" + path + "'", text);
        }
        return ArgumentJson.guess(text).orElseGet(() -> string(text));
    }

    /** The schema does not tell a size from any other integer, so each of them takes a unit. */
    private static Optional<JsonNode> integer(String text) {
        Matcher parts = INTEGER.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        String hexadecimal = parts.group(2);
        BigInteger value = hexadecimal == null ? decimal(parts) : new BigInteger(hexadecimal, 16);
        return Optional.of(integer(parts.group(1).equals("-") ? value.negate() : value));
    }

    private static BigInteger decimal(Matcher parts) {
        String unit = parts.group(4).toUpperCase(Locale.ROOT);
        int power = unit.isEmpty() ? 0 : UNITS.indexOf(unit) + 1;
        return new BigInteger(parts.group(3)).shiftLeft(10 * power);
    }

    /** The same node classes that reading JSON gives, because Jackson's equality tells them apart. */
    private static JsonNode integer(BigInteger value) {
        if (value.bitLength() < Integer.SIZE) {
            return NODES.numberNode(value.intValue());
        }
        return value.bitLength() < Long.SIZE ? NODES.numberNode(value.longValue()) : NODES.numberNode(value);
    }

    private static Optional<JsonNode> number(String text) {
        try {
            return Optional.of(NODES.numberNode(new BigDecimal(text)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<JsonNode> bool(String text) {
        return TRUE.contains(text) || FALSE.contains(text)
                ? Optional.of(NODES.booleanNode(TRUE.contains(text)))
                : Optional.empty();
    }
}
