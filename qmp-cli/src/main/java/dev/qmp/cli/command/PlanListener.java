package dev.qmp.cli.command;

import dev.qmp.error.QmpException;
import dev.qmp.job.Job;
import dev.qmp.job.JobId;
import dev.qmp.operation.OperationListener;
import dev.qmp.operation.OperationResult;
import dev.qmp.operation.RunningOperation;
import dev.qmp.plan.Step;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Shows an operation while it is waited for, and says how to come back to it where it stays open. */
final class PlanListener implements OperationListener {

    private final Subcommand command;
    private final String target;
    private final Path folder;
    private final JobDisplay.Maker maker;
    private final Consumer<PlanRun.Watched> watcher;
    private final boolean cancelOnInterrupt;
    private final Consumer<OperationResult> ended;
    private final Map<JobId, Job> jobs = new HashMap<>();
    private final Set<JobId> displayed = new HashSet<>();
    private final CompletableFuture<RunningOperation> running = new CompletableFuture<>();
    private @Nullable JobDisplay display;
    private @Nullable Job shown;

    PlanListener(
            Subcommand command,
            String target,
            Path folder,
            JobDisplay.Maker maker,
            Consumer<PlanRun.Watched> watcher,
            boolean cancelOnInterrupt,
            Consumer<OperationResult> ended) {
        this.command = command;
        this.target = target;
        this.folder = folder;
        this.maker = maker;
        this.watcher = watcher;
        this.cancelOnInterrupt = cancelOnInterrupt;
        this.ended = ended;
    }

    OperationResult await(RunningOperation operation) throws InterruptedException {
        running.complete(operation);
        Thread hook = new Thread(() -> interrupted(operation), "qmp-interrupt");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return TargetCommand.await(operation.done());
        } catch (QmpException e) {
            hideDisplay();
            PlanRun.hint(command, folder, operation.id(), target);
            throw e;
        } finally {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The JVM is shutting down already: the hook has its say.
            }
        }
    }

    private void interrupted(RunningOperation operation) {
        if (cancelOnInterrupt && cancel(operation)) {
            command.console().err("qmp: interrupted; the job is cancelled, and the operation was taken back");
        } else {
            command.console().err("qmp: interrupted; what QEMU was told goes on there");
            PlanRun.hint(command, folder, operation.id(), target);
        }
        command.console().flush();
    }

    /** Whether the operation has ended by it: its own thread takes back what it had done. */
    private boolean cancel(RunningOperation operation) {
        try {
            for (Job job : jobs().values()) {
                job.cancel().get(5, TimeUnit.SECONDS);
            }
            operation.done().handle((result, failure) -> true).get(5, TimeUnit.SECONDS);
            return !PlanRun.open(folder, operation.id());
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private synchronized Map<JobId, Job> jobs() {
        return Map.copyOf(jobs);
    }

    @Override
    public synchronized void step(int number, Step step) {
        if (shown != null && display != null) {
            display.finished(shown.info());
            display.close();
        }
        display = null;
        shown = null;
        Job job = step instanceof Step.AwaitJob await ? jobs.get(await.job()) : null;
        // A job is shown until it is first where it was to be: what follows takes no time.
        if (job != null && displayed.add(job.id())) {
            shown = job;
            display = worthShowing(job) ? maker.on(job) : null;
        }
    }

    /** Images are created in no time. */
    private static boolean worthShowing(Job job) {
        return !job.type().value().equals("create") && !job.done().isDone();
    }

    @Override
    public void job(Job job) {
        synchronized (this) {
            jobs.put(job.id(), job);
        }
        if (worthShowing(job)) {
            watcher.accept(new PlanRun.Watched(job, running.join()));
        }
    }

    private synchronized void hideDisplay() {
        if (display != null) {
            display.close();
            display = null;
        }
    }

    @Override
    public void ended(OperationResult result) {
        ended.accept(result);
    }

    @Override
    public void note(String text) {
        command.note("note: " + text);
    }
}
