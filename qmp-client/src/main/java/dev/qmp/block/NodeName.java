package dev.qmp.block;

/**
 * The name of a node in QEMU's block graph. Names that QEMU made up ({@code #block141}) differ at every start; they can be
 * referred to and not be given.
 */
public record NodeName(String value) {

    /** QEMU's limit: {@code char node_name[32]}. */
    static final int MAX_LENGTH = 31;

    public NodeName {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("a node name is not empty");
        }
    }

    /** Whether QEMU made the name up, so that no user would know the node by it. */
    public boolean generated() {
        return value.startsWith("#");
    }

    @Override
    public String toString() {
        return value;
    }
}
