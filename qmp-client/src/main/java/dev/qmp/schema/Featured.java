package dev.qmp.schema;

import java.util.Set;

/** Something of the schema's that carries QAPI features: names by which QEMU tells about it what its type does not. */
public interface Featured {

    /** The features' names as QEMU spells them; unknown ones are kept. */
    Set<String> features();

    default boolean hasFeature(String name) {
        return features().contains(name);
    }

    /** QEMU means to drop it, by its deprecation policy two releases after it said so. */
    default boolean deprecated() {
        return hasFeature("deprecated");
    }

    /** QEMU may change or drop it at any time. Not every name that begins with {@code x-} is (see {@code x-origin}). */
    default boolean unstable() {
        return hasFeature("unstable");
    }
}
