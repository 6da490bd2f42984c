@NullMarked
package dev.qmp;

import org.jspecify.annotations.NullMarked;
