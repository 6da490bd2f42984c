/**
 * What a person reads, and what a script reads.
 *
 * <p>Owns tables, trees, progress, JSON and the one class that touches stdout and stderr, {@link dev.qmp.cli.render.Console}.
 * It is given values and words; it knows no command and asks QEMU nothing.
 */
@NullMarked
package dev.qmp.cli.render;

import org.jspecify.annotations.NullMarked;
