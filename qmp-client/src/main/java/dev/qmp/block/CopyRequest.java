package dev.qmp.block;

import dev.qmp.job.JobId;
import dev.qmp.qapi.BlockdevOnError;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a user wants copied, and where to.
 *
 * @param disk as {@link BlockGraph#disk} takes it
 * @param destination an absolute file name, a device below {@code /dev/}, or an export:
 *     {@code nbd://host:port/export}, {@code nbd+unix:///export?socket=/path}
 * @param format {@code qcow2} or {@code raw}; null for what the file's name ends with, else the active layer's, and raw on a
 *     device or an export
 * @param shallow the active layer alone, on top of the layers below it
 * @param ending what becomes of the disk when the copy has caught up with the guest
 * @param reuse the destination is an image that the user made for this copy
 * @param overwriteDevice what is on the device that is the destination may be lost
 * @param writeBlocking the guest's writes wait for the copy from the start: it always catches up, and the guest is slower
 * @param speed bytes per second; 0 for no limit
 * @param jobId null for one that is derived from the disk, so that it can be found again
 * @param onError what the job does at an I/O error of either side; null for QEMU's default, report
 */
public record CopyRequest(
        String disk,
        String destination,
        @Nullable String format,
        boolean shallow,
        Ending ending,
        boolean reuse,
        boolean overwriteDevice,
        boolean writeBlocking,
        long speed,
        @Nullable JobId jobId,
        @Nullable BlockdevOnError onError) {

    /** What becomes of the disk when the copy has caught up. */
    public enum Ending {
        /** The guest stays where it is, and the copy is what the disk was at that moment. */
        KEEP,
        /** The guest goes on in the copy. */
        PIVOT,
        /** Neither: every write goes to both from then on, until somebody ends the job. */
        MIRROR
    }

    public CopyRequest {
        Objects.requireNonNull(ending);
        if (speed < 0) {
            throw new IllegalArgumentException("a speed is not negative: " + speed);
        }
        if (format != null && !format.equals("qcow2") && !format.equals("raw")) {
            throw new IllegalArgumentException("a copy is qcow2 or raw, not " + format);
        }
    }

    /** A full copy with QEMU's defaults, to be changed. */
    public static Builder builder(String disk, String destination, Ending ending) {
        return new Builder(disk, destination, ending);
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final String disk;
        private final String destination;
        private final Ending ending;
        private @Nullable String format;
        private boolean shallow;
        private boolean reuse;
        private boolean overwriteDevice;
        private boolean writeBlocking;
        private long speed;
        private @Nullable JobId jobId;
        private @Nullable BlockdevOnError onError;

        private Builder(String disk, String destination, Ending ending) {
            this.disk = disk;
            this.destination = destination;
            this.ending = ending;
        }

        /** See {@link CopyRequest#format}. */
        public Builder format(@Nullable String imageFormat) {
            this.format = imageFormat;
            return this;
        }

        /** See {@link CopyRequest#shallow}. */
        public Builder shallow(boolean activeLayerAlone) {
            this.shallow = activeLayerAlone;
            return this;
        }

        /** See {@link CopyRequest#reuse}. */
        public Builder reuse(boolean existingImage) {
            this.reuse = existingImage;
            return this;
        }

        /** See {@link CopyRequest#overwriteDevice}. */
        public Builder overwriteDevice(boolean mayBeLost) {
            this.overwriteDevice = mayBeLost;
            return this;
        }

        /** See {@link CopyRequest#writeBlocking}. */
        public Builder writeBlocking(boolean fromTheStart) {
            this.writeBlocking = fromTheStart;
            return this;
        }

        /** See {@link CopyRequest#speed}. */
        public Builder speed(long bytesPerSecond) {
            this.speed = bytesPerSecond;
            return this;
        }

        /** See {@link CopyRequest#jobId}. */
        public Builder jobId(@Nullable JobId id) {
            this.jobId = id;
            return this;
        }

        /** See {@link CopyRequest#onError}. */
        public Builder onError(@Nullable BlockdevOnError action) {
            this.onError = action;
            return this;
        }

        /** The request. */
        public CopyRequest build() {
            return new CopyRequest(
                    disk,
                    destination,
                    format,
                    shallow,
                    ending,
                    reuse,
                    overwriteDevice,
                    writeBlocking,
                    speed,
                    jobId,
                    onError);
        }
    }
}
