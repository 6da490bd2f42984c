package dev.qmp.block;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One disk of a revert as the graph alone allows it; its images have not been looked at.
 *
 * @param active the layer that the guest leaves
 * @param frozen the image's file
 * @param live the layer that has the image open now; null where it has to be opened first
 * @param overlay the file that the guest gets; null for one to be found
 */
record RevertDraft(
        Disk disk,
        Layer active,
        String frozen,
        String format,
        @Nullable Layer live,
        @Nullable String overlay,
        @Nullable Instant unchangedSince) {

    /**
     * An image that has to be opened, read-only.
     *
     * @param fileNode the name that its protocol node gets
     */
    record Opening(String file, String format, NodeName fileNode, NodeName node) {}

    /**
     * What was found out about it beyond the graph.
     *
     * @param overlay the file that the guest gets, proved to be absent
     * @param device the QOM path that the property {@code drive} is set on
     * @param style how the active layer is opened, and the overlay shall be
     * @param openings images to be opened, the frozen one first
     * @param below the node that the last of them stands on, or the frozen image's own where none has to be opened; null
     *     where the last one stands by itself
     * @param files the chain's files below the overlay, the frozen image first
     */
    record Found(
            String overlay,
            String device,
            ImageCreation.Style style,
            List<Opening> openings,
            @Nullable NodeName below,
            List<String> files) {

        Found {
            openings = List.copyOf(openings);
            files = List.copyOf(files);
        }
    }

    /** The layers of the chain that the guest is on which it leaves by this, if {@code files} are those below it then. */
    List<Layer> left(List<String> files) {
        return disk.layers().stream()
                .filter(layer -> !files.contains(layer.file()))
                .toList();
    }
}
