package dev.qmp.operation;

import dev.qmp.job.Job;
import dev.qmp.plan.Step;

/**
 * Hears how an operation goes on. Called on the operation's own thread, which waits meanwhile; what it throws ends the
 * operation where it stands, to be resumed.
 */
public interface OperationListener {

    /** One that is not interested. */
    OperationListener NONE = new OperationListener() {};

    /** A step is written down and about to be done; {@code number} counts from 0. */
    default void step(int number, Step step) {}

    /** A job is there, started or found again, and is waited for from now on. */
    default void job(Job job) {}

    /**
     * The operation is over, and its journal is about to go: what has to be remembered of it is written down now. After a
     * crash it is told again, by whoever resumes.
     */
    default void ended(OperationResult result) {}

    /** Something that a person should know and that is no failure: a file that stayed, a command that took nothing back. */
    default void note(String text) {}
}
