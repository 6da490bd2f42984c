package dev.qmp.block;

import org.jspecify.annotations.Nullable;

/**
 * One image of a disk's chain. Filters are not layers.
 *
 * @param depth 0 is the active layer, the one that the guest writes to
 * @param file the name of the image's file or device, as QEMU sees it: its protocol node's, never a {@code json:} name
 * @param format QEMU's format driver
 * @param virtualSize what the guest sees, in bytes
 * @param actualSize what is allocated, in bytes; null where QEMU cannot tell
 * @param clusterSize in bytes; null for formats without clusters
 * @param backingFile what this image's header names, made absolute; null where it names none. The layer below is what is
 *     really used: the two differ where somebody changed the graph and not the header
 */
public record Layer(
        int depth,
        NodeName node,
        String file,
        String format,
        SourceType type,
        long virtualSize,
        @Nullable Long actualSize,
        @Nullable Long clusterSize,
        @Nullable String backingFile,
        boolean readOnly) {

    public boolean active() {
        return depth == 0;
    }
}
