package dev.qmp.block;

import dev.qmp.error.UnsafeOperationException;
import dev.qmp.qapi.BlockdevCacheOptions;
import dev.qmp.qapi.BlockdevDiscardOptions;
import dev.qmp.qapi.BlockdevOptions;
import dev.qmp.qapi.OnOffAuto;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/** Where a copy goes to: what its data are reached through. */
sealed interface CopyDestination {

    /** The name that the chain shows, as QEMU writes it. */
    String file();

    /**
     * The node that reaches the data, for writing. Zeros become holes where the place can have some.
     *
     * @param cache null for QEMU's default
     */
    BlockdevOptions protocol(String node, @Nullable BlockdevCacheOptions cache);

    /** The same for a look at it, which disturbs nobody. */
    BlockdevOptions look(String node);

    /** A file of QEMU's host. */
    record Image(String file) implements CopyDestination {

        @Override
        public BlockdevOptions protocol(String node, @Nullable BlockdevCacheOptions cache) {
            return BlockdevOptions.File.builder()
                    .nodeName(node)
                    .discard(BlockdevDiscardOptions.UNMAP)
                    .cache(cache)
                    .filename(file)
                    .build();
        }

        @Override
        public BlockdevOptions look(String node) {
            return ImageProbe.file(file).nodeName(node).build();
        }
    }

    /** A device of QEMU's host. */
    record Device(String file) implements CopyDestination {

        @Override
        public BlockdevOptions protocol(String node, @Nullable BlockdevCacheOptions cache) {
            return BlockdevOptions.HostDevice.builder()
                    .nodeName(node)
                    .discard(BlockdevDiscardOptions.UNMAP)
                    .cache(cache)
                    .filename(file)
                    .build();
        }

        @Override
        public BlockdevOptions look(String node) {
            return BlockdevOptions.HostDevice.builder()
                    .nodeName(node)
                    .readOnly(true)
                    .locking(OnOffAuto.OFF)
                    .filename(file)
                    .build();
        }
    }

    /** An export that somebody's NBD server has. */
    record Export(NbdUri uri) implements CopyDestination {

        @Override
        public String file() {
            return uri.shown();
        }

        @Override
        public BlockdevOptions protocol(String node, @Nullable BlockdevCacheOptions cache) {
            return uri.options(node).discard(BlockdevDiscardOptions.UNMAP).build();
        }

        @Override
        public BlockdevOptions look(String node) {
            return uri.options(node).readOnly(true).build();
        }
    }

    /**
     * What a user means by a destination.
     *
     * @throws UnsafeOperationException ({@code copy-destination}) for what is none of the three
     */
    static CopyDestination of(String text) {
        if (text.matches("[A-Za-z][A-Za-z0-9+.-]*://.*")) {
            try {
                return new Export(NbdUri.parse(new URI(text)));
            } catch (URISyntaxException e) {
                throw NbdUri.refused(text, e.getReason());
            }
        }
        if (!Paths.absolute(text)) {
            throw new UnsafeOperationException(
                    "copy-destination",
                    "the destination '" + text + "' is not an absolute file name",
                    "QEMU would look for it in its own working folder: give the name from the / on");
        }
        String file = Paths.normal(text);
        return file.startsWith("/dev/") && !file.startsWith("/dev/shm/") ? new Device(file) : new Image(file);
    }
}
