package dev.qmp.block;

/** What kind of thing holds an image. */
public enum SourceType {
    FILE,
    /** A device of the host. */
    BLOCK,
    /** Something reached over a network protocol. */
    NETWORK
}
