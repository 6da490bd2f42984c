package dev.qmp.block;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One node of the block graph, as {@code query-named-block-nodes} gives it ({@code BlockDeviceInfo}).
 *
 * @param driver QEMU's driver, for example {@code qcow2}, {@code raw}, {@code file}, {@code copy-on-read}
 * @param filename the image's name, made absolute where that can be known; may be a {@code json:} pseudo name
 * @param givenFilename the name as QEMU knows it, relative to its working folder perhaps; what it writes into headers
 * @param virtualSize what the guest sees, in bytes
 * @param actualSize what is allocated, in bytes; null where QEMU cannot tell
 * @param clusterSize in bytes; null for formats without clusters
 * @param backingFilename what the image's header names as its backing file, made absolute; null where it names none
 * @param children in QEMU's order
 */
public record BlockNode(
        NodeName name,
        String driver,
        String filename,
        String givenFilename,
        long virtualSize,
        @Nullable Long actualSize,
        @Nullable Long clusterSize,
        @Nullable String backingFilename,
        boolean readOnly,
        List<Child> children) {

    /** An edge of the graph: the role ({@code file}, {@code backing}, …) and the node that plays it. */
    public record Child(String role, NodeName node) {}

    /** Drivers that pass data through: no image of their own. The last ones are those that jobs put in by themselves. */
    private static final Set<String> FILTERS = Set.of(
            "throttle",
            "preallocate",
            "compress",
            "blkdebug",
            "blklogwrites",
            "blkreplay",
            "blkverify",
            "copy-before-write",
            "copy-on-read",
            "mirror_top",
            "commit_top");

    private static final Set<String> HOST_DEVICES = Set.of("host_device", "host_cdrom", "nvme");

    private static final Set<String> NETWORK =
            Set.of("nbd", "http", "https", "ftp", "ftps", "ssh", "rbd", "iscsi", "gluster", "nfs", "sheepdog");

    private static final Set<String> OTHER_PROTOCOLS = Set.of("file", "null-co", "null-aio", "vvfat");

    public BlockNode {
        children = List.copyOf(children);
    }

    Optional<NodeName> child(String role) {
        return children.stream()
                .filter(c -> c.role().equals(role))
                .map(Child::node)
                .findFirst();
    }

    boolean filter() {
        return isFilter(driver);
    }

    static boolean isFilter(String driver) {
        return FILTERS.contains(driver);
    }

    /** Whether the driver reaches the data itself instead of through another node. */
    boolean protocol() {
        return isProtocol(driver);
    }

    static boolean isProtocol(String driver) {
        return OTHER_PROTOCOLS.contains(driver) || HOST_DEVICES.contains(driver) || NETWORK.contains(driver);
    }

    /**
     * Whether this image's name means the image when it stands in the header of an overlay in {@code folder}: QEMU writes
     * the name as it was given, and a reader takes a relative one from the overlay's own folder.
     */
    boolean reachableFrom(String folder) {
        return Paths.absolute(givenFilename)
                || (givenFilename.indexOf(':') >= 0 && !givenFilename.startsWith("json:"))
                || Paths.same(Paths.normal(folder + givenFilename), filename);
    }

    SourceType sourceType() {
        return HOST_DEVICES.contains(driver)
                ? SourceType.BLOCK
                : NETWORK.contains(driver) ? SourceType.NETWORK : SourceType.FILE;
    }
}
