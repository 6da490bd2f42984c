/** The program {@code qmp}: where the packages below are put together and started. */
@NullMarked
package dev.qmp.cli;

import org.jspecify.annotations.NullMarked;
