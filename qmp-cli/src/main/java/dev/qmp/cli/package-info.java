@NullMarked
package dev.qmp.cli;

import org.jspecify.annotations.NullMarked;
