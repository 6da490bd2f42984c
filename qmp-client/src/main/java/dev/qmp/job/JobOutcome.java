package dev.qmp.job;

/**
 * How a job succeeded. QEMU reports both alike (a READY mirror ends with the same events and no error either way), so this
 * is what was asked of it through its {@link Job} and accepted. For a job that somebody else controls too, only the
 * block graph tells.
 */
public enum JobOutcome {
    /** The job did all it was started for; a mirror or an active commit has pivoted to its target. */
    COMPLETED,
    /** A READY mirror or active commit was stopped: the copy is consistent, and the disk stays on its source. */
    STOPPED
}
