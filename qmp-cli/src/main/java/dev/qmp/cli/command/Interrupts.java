package dev.qmp.cli.command;

import dev.qmp.job.Job;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What Ctrl-C means while a job is waited for: the job goes on in QEMU and the message says how to come back to it, or, if
 * asked for, it is cancelled. The JVM exits with 130 by itself; this only has its last word.
 */
final class Interrupts implements AutoCloseable {

    private static final String CANCELLED = "the job is cancelled";

    private final Thread hook;

    private Interrupts(Thread hook) {
        this.hook = hook;
    }

    static Interrupts of(Subcommand command, Job job, String target, boolean cancel) {
        Thread hook = new Thread(() -> interrupted(command, job, target, cancel), "qmp-interrupt");
        Runtime.getRuntime().addShutdownHook(hook);
        return new Interrupts(hook);
    }

    private static void interrupted(Subcommand command, Job job, String target, boolean cancel) {
        String outcome = "the job goes on in QEMU";
        if (cancel) {
            try {
                job.cancel().get(5, TimeUnit.SECONDS);
                outcome = CANCELLED;
            } catch (ExecutionException | TimeoutException e) {
                outcome = "cancelling the job failed (" + Failure.unwrap(e).getMessage() + "), it goes on in QEMU";
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        command.console().err("qmp: interrupted; " + outcome);
        if (!outcome.equals(CANCELLED)) {
            command.console()
                    .err("hint: see it with `qmp job show " + target + " " + job.id()
                            + "`, wait for it with `qmp job wait " + target + " " + job.id() + "`");
        }
        command.console().flush();
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
