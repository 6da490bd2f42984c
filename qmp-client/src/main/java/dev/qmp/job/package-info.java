/**
 * A QEMU job as an object: started, watched, adopted after a reconnect, ended with QEMU's own error.
 *
 * <p>Owns the way from a job's id to its ending: which events and queries tell it, in which order they are trusted, and the
 * dismissal afterwards. It knows commands only by name, and nothing of disks: which job to start, and what the graph looks
 * like when it is over, is for those above.
 */
@NullMarked
package dev.qmp.job;

import org.jspecify.annotations.NullMarked;
