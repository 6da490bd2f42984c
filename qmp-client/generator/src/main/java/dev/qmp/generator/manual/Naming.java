package dev.qmp.generator.manual;

import dev.qmp.generator.Schema;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * What a walk through one schema found.
 *
 * @param types public names by masked names
 * @param places in which each masked type stands, named or not
 * @param branches the names of alternatives
 * @param unnamed places whose type got no name anywhere
 * @param complaints where manual and schema do not agree
 */
record Naming(
        Schema schema,
        Map<String, String> types,
        Map<String, Set<Where>> places,
        Map<Where, String> branches,
        Set<Where> unnamed,
        Set<String> complaints) {

    static Naming of(Schema schema) {
        return new Naming(
                schema, new LinkedHashMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeSet<>(), new TreeSet<>());
    }

    void stands(String masked, Where where) {
        places.computeIfAbsent(masked, name -> new TreeSet<>()).add(where);
    }

    void complain(String words) {
        complaints.add(schema.program() + " " + schema.version() + ": " + words);
    }

    /** The same under other public names. */
    Naming renamed(UnaryOperator<String> names) {
        Naming renamed = of(schema);
        UnaryOperator<Where> moved = where -> new Where(names.apply(where.owner()), where.step());
        types.forEach((masked, name) -> renamed.types.put(masked, names.apply(name)));
        places.forEach((masked, wheres) -> wheres.forEach(where -> renamed.stands(masked, moved.apply(where))));
        branches.forEach((where, name) -> renamed.branches.put(moved.apply(where), name));
        unnamed.forEach(where -> renamed.unnamed.add(moved.apply(where)));
        renamed.complaints.addAll(complaints);
        return renamed;
    }

    /** The public name of what stands there, empty where it has none. */
    Map<Where, String> named() {
        Map<Where, String> named = new TreeMap<>();
        places.forEach((masked, wheres) -> wheres.forEach(where -> named.put(where, types.getOrDefault(masked, ""))));
        return named;
    }
}
