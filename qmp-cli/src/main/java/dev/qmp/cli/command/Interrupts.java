package dev.qmp.cli.command;

import dev.qmp.job.Job;
import dev.qmp.job.JobId;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What Ctrl-C means while a job is waited for: the job goes on in QEMU and the message says how to come back to it, or, if
 * asked for, it is cancelled. The JVM exits with 130 by itself; this only has its last word.
 */
final class Interrupts implements AutoCloseable {

    private static final String CANCELLED = "the job is cancelled";

    private final Subcommand command;
    private final JobId id;
    private final String target;
    private final boolean cancel;
    private final Thread hook;
    private volatile @Nullable Job job;

    private Interrupts(Subcommand command, JobId id, String target, boolean cancel) {
        this.command = command;
        this.id = id;
        this.target = target;
        this.cancel = cancel;
        this.hook = new Thread(this::interrupted, "qmp-interrupt");
    }

    /** For a job that runs. */
    static Interrupts of(Subcommand command, Job job, String target, boolean cancel) {
        Interrupts interrupts = starting(command, job.id(), target, cancel);
        interrupts.started(job);
        return interrupts;
    }

    /** For a job that is about to be started: QEMU may have it before we know. */
    static Interrupts starting(Subcommand command, JobId id, String target, boolean cancel) {
        Interrupts interrupts = new Interrupts(command, id, target, cancel);
        Runtime.getRuntime().addShutdownHook(interrupts.hook);
        return interrupts;
    }

    void started(Job running) {
        job = running;
    }

    private void interrupted() {
        String outcome = outcome();
        command.console().err("qmp: interrupted; " + outcome);
        if (!outcome.equals(CANCELLED)) {
            command.console()
                    .err("hint: see it with `qmp job show " + target + " " + id + "`, wait for it with `qmp job wait "
                            + target + " " + id + "`");
        }
        command.console().flush();
    }

    private String outcome() {
        Job running = job;
        if (running == null) {
            return "the job " + id + " was being started, and may run in QEMU";
        }
        if (!cancel) {
            return "the job goes on in QEMU";
        }
        try {
            running.cancel().get(5, TimeUnit.SECONDS);
            return CANCELLED;
        } catch (ExecutionException | TimeoutException e) {
            return "cancelling the job failed (" + Failure.unwrap(e).getMessage() + "), it goes on in QEMU";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "the job goes on in QEMU";
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is shutting down already: the hook has its say.
        }
    }
}
