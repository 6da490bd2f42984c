/**
 * The QEMUs that run on this host, as {@code /proc} shows them.
 *
 * <p>Owns the reading of other processes' command lines: names, and where their QMP monitors are. What stands there was
 * written by other users and is trusted in nothing. It opens no monitor and knows nothing of QMP.
 */
@NullMarked
package dev.qmp.cli.host;

import org.jspecify.annotations.NullMarked;
