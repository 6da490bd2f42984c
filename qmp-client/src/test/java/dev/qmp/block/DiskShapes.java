package dev.qmp.block;

import dev.qmp.fixtures.qemu.DiskSpec;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.provider.Arguments;

/** The shapes that a disk comes in: how it is written on QEMU's command line, and its base's format. */
final class DiskShapes {

    private DiskShapes() {}

    /** A disk {@code vda} each, its node or backend called {@code base}. */
    static Stream<Arguments> all() {
        return Stream.of("qcow2", "raw")
                .flatMap(format -> Stream.of(
                        Arguments.of(Named.of(
                                "-drive " + format,
                                DiskSpec.drive("base").qdev("vda").format(format))),
                        Arguments.of(Named.of(
                                "-blockdev " + format,
                                DiskSpec.blockdev("base").qdev("vda").format(format)))));
    }
}
