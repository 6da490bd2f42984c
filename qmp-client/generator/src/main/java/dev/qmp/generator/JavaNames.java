package dev.qmp.generator;

import java.util.Locale;
import java.util.Set;
import javax.lang.model.SourceVersion;

/** How names of QMP's are written in Java. */
final class JavaNames {

    /** Accessors of these names would be methods of every object. */
    private static final Set<String> TAKEN = Set.of(
            "clone",
            "finalize",
            "getClass",
            "hashCode",
            "notify",
            "notifyAll",
            "toString",
            "wait",
            "toJson",
            "toBuilder",
            "builder",
            "fromJson",
            "commandName",
            "encodeArguments",
            "decodeReturn",
            "unknownMembers",
            "build");

    private JavaNames() {}

    /** {@code block-stream}, {@code block_resize} and {@code BLOCK_JOB_ERROR} in upper camel case. */
    static String type(String name) {
        StringBuilder camel = new StringBuilder();
        for (String word : words(name)) {
            boolean shouting = word.equals(word.toUpperCase(Locale.ROOT)) && name.equals(name.toUpperCase(Locale.ROOT));
            camel.append(capital(shouting ? word.toLowerCase(Locale.ROOT) : word));
        }
        return Character.isDigit(camel.charAt(0)) ? "_" + camel : camel.toString();
    }

    /** A type that is only known by where it is used: {@code set-numa-node.x} becomes {@code SetNumaNodeX}. */
    static String typeAt(String where) {
        StringBuilder name = new StringBuilder();
        for (String part : where.split("[.:=|]", -1)) {
            name.append(type(part));
        }
        return name.toString();
    }

    /** A component of a record: {@code node-name} becomes {@code nodeName}, {@code class} becomes {@code class_}. */
    static String component(String member) {
        String camel = type(member);
        int capitals = 1;
        while (capitals < camel.length() && Character.isUpperCase(camel.charAt(capitals))) {
            capitals++;
        }
        // "CPUs" and "TCGState" begin with a word in capitals; "xFoo" does not.
        int lower = capitals == 1 || capitals == camel.length() ? capitals : capitals - 1;
        String name = camel.substring(0, lower).toLowerCase(Locale.ROOT) + camel.substring(lower);
        return SourceVersion.isKeyword(name) || TAKEN.contains(name) ? name + "_" : name;
    }

    /** A constant: {@code write-blocking} becomes {@code WRITE_BLOCKING}. */
    static String constant(String value) {
        String name = value.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
        return Character.isDigit(name.charAt(0)) ? "_" + name : name;
    }

    private static String[] words(String name) {
        return name.split("[^A-Za-z0-9]+", -1);
    }

    static String capital(String word) {
        return word.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
