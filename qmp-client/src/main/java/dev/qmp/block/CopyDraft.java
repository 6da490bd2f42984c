package dev.qmp.block;

import dev.qmp.job.JobId;
import org.jspecify.annotations.Nullable;

/**
 * A copy as the graph alone allows it; its destination has not been looked at.
 *
 * @param root the node that the job works on: the one that the disk's device uses
 * @param replaces the node that gives way at a pivot, where filters above it stay; null where the root does
 * @param below the layer that a shallow copy is put on; null for a copy of everything
 * @param format the copy's
 * @param fileNode the name of the node that will reach the copy's data
 * @param node the name of the copy's own node
 */
record CopyDraft(
        CopyRequest request,
        Disk disk,
        Layer active,
        NodeName root,
        @Nullable NodeName replaces,
        @Nullable Layer below,
        CopyDestination destination,
        String format,
        NodeName fileNode,
        NodeName node,
        JobId jobId) {

    long size() {
        return active.virtualSize();
    }

    /** Whether the destination is an image that is there: a device and an export are, and get a new image nevertheless. */
    boolean reused() {
        return request.reuse() && destination instanceof CopyDestination.Image;
    }

    /** Whether the destination has to be looked at as a node of QEMU's. */
    boolean probed() {
        return request.reuse() || !(destination instanceof CopyDestination.Image);
    }

    /** What has to be copied at least, in bytes; -1 where QEMU does not tell. */
    long allocated() {
        long sum = 0;
        for (Layer layer : below == null ? disk.layers() : disk.layers().subList(0, below.depth())) {
            Long actual = layer.actualSize();
            if (actual == null) {
                return -1;
            }
            sum += actual;
        }
        return Math.min(sum, size());
    }
}
