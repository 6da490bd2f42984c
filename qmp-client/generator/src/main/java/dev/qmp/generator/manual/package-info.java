/**
 * Finds the public names of the types that {@code query-qmp-schema} masks, and writes them to {@code names.tsv}.
 *
 * <p>Owns the reading of QEMU's reference manual and the comparison of the manual with recorded schemas. It is no part of the
 * build: somebody runs {@link dev.qmp.generator.manual.MakeNames} when a QEMU is added, and commits the table. Names, units
 * and modules are facts and may be kept; the manual's sentences are not ours, so none of them leaves this package. It must
 * not know how Java is written from the schemas.
 *
 * <p>To add a QEMU: record its schemas below {@code fixtures}, add its version to {@code MakeNames.VERSIONS}, unpack
 * {@code qemu-qmp-ref.7.gz} and, where they are shipped, {@code qemu-storage-daemon-qmp-ref.7.gz} and
 * {@code qemu-qmp-ref.html} from Debian's {@code qemu-system-common} of that version, and {@code qapi/} from the source
 * package, run {@code MakeNames} over all versions (its Javadoc says how), read what it says on its standard output, and look
 * at the table's diff.
 */
@NullMarked
package dev.qmp.generator.manual;

import org.jspecify.annotations.NullMarked;
