package dev.qmp.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.qmp.schema.SchemaType.Builtin;
import dev.qmp.schema.SchemaType.Enumeration;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One text as one JSON value without parts, by its type. */
final class ScalarArgument {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Pattern INTEGER = Pattern.compile("([+-]?)(?:0[xX]([0-9a-fA-F]+)|([0-9]+)([kKmMgGtTpPeE]?))");
    private static final String UNITS = "KMGTPE";
    private static final BigInteger SMALLEST = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger LARGEST = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
    private static final Set<String> TRUE = Set.of("on", "true", "yes");
    private static final Set<String> FALSE = Set.of("off", "false", "no");

    private ScalarArgument() {}

    static JsonNode of(String path, SchemaType type, String text) {
        if (type instanceof Enumeration enumeration) {
            return enumeration(path, enumeration, text);
        }
        // A built-in type that a later QEMU invented is guessed at, as "any" is.
        String kind = type instanceof Builtin builtin ? builtin.jsonType() : "value";
        return switch (kind) {
            case "string" -> NODES.textNode(text);
            case "int" -> integer(path, text);
            case "number" -> number(path, text);
            case "boolean" -> bool(path, text);
            case "null" -> nothing(path, text);
            default -> any(path, text);
        };
    }

    /** JSON where it is JSON, else a string; but what begins like JSON's brackets or quotes was meant to be JSON. */
    static JsonNode any(String path, String text) {
        if (!text.isEmpty() && "{[\"".indexOf(text.charAt(0)) >= 0) {
            return ArgumentJson.parse("'" + path + "'", text);
        }
        return ArgumentJson.guess(text).orElseGet(() -> NODES.textNode(text));
    }

    private static JsonNode enumeration(String path, Enumeration type, String text) {
        if (type.has(text)) {
            return NODES.textNode(text);
        }
        throw ArgumentProblems.notInEnumeration(path, type.names(), text);
    }

    /** The schema does not tell a size from any other integer, so each of them takes a unit. */
    private static JsonNode integer(String path, String text) {
        Matcher parts = INTEGER.matcher(text);
        if (!parts.matches()) {
            throw new ArgumentException(
                    "'" + path + "' is an integer, not '" + text + "'",
                    "write digits, 0x and hexadecimal digits, or digits with K, M, G, T, P or E for powers of 1024");
        }
        String hexadecimal = parts.group(2);
        BigInteger value = hexadecimal == null ? decimal(parts) : new BigInteger(hexadecimal, 16);
        return integer(path, parts.group(1).equals("-") ? value.negate() : value);
    }

    private static BigInteger decimal(Matcher parts) {
        String unit = parts.group(4).toUpperCase(Locale.ROOT);
        int power = unit.isEmpty() ? 0 : UNITS.indexOf(unit) + 1;
        return new BigInteger(parts.group(3)).shiftLeft(10 * power);
    }

    /** Beyond these QEMU reads an integer as a floating-point number, and then refuses it with words about its type. */
    private static JsonNode integer(String path, BigInteger value) {
        if (value.compareTo(SMALLEST) < 0 || value.compareTo(LARGEST) > 0) {
            throw new ArgumentException("'" + path + "' does not fit in 64 bits: " + value, null);
        }
        // The same node classes that reading JSON gives, because Jackson's equality tells them apart.
        if (value.bitLength() < Integer.SIZE) {
            return NODES.numberNode(value.intValue());
        }
        return value.bitLength() < Long.SIZE ? NODES.numberNode(value.longValue()) : NODES.numberNode(value);
    }

    private static JsonNode number(String path, String text) {
        try {
            return NODES.numberNode(new BigDecimal(text));
        } catch (NumberFormatException e) {
            throw new ArgumentException("'" + path + "' is a number, not '" + text + "'", null, e);
        }
    }

    private static JsonNode bool(String path, String text) {
        if (TRUE.contains(text) || FALSE.contains(text)) {
            return NODES.booleanNode(TRUE.contains(text));
        }
        throw new ArgumentException(
                "'" + path + "' is a boolean, not '" + text + "'", "write on or off, true or false");
    }

    private static JsonNode nothing(String path, String text) {
        if (text.equals("null")) {
            return NODES.nullNode();
        }
        throw new ArgumentException("'" + path + "' is null or nothing, not '" + text + "'", "write null");
    }
}
