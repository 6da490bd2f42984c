package dev.qmp.operation;

import dev.qmp.plan.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;

/** The thread of one operation, which holds the guest's lock as long as it lives. */
final class OperationThread implements RunningOperation {

    /** What it does. */
    @FunctionalInterface
    interface Work {
        OperationResult call() throws IOException, InterruptedException;
    }

    private final String id;
    private final OperationLock lock;
    private final Journal journal;
    private final Extras extras;
    private final Work work;
    private final CompletableFuture<OperationResult> done = new CompletableFuture<>();

    OperationThread(String id, OperationLock lock, Journal journal, Extras extras, Work work) {
        this.id = id;
        this.lock = lock;
        this.journal = journal;
        this.extras = extras;
        this.work = work;
    }

    RunningOperation go() {
        Thread thread = new Thread(this::run, "qmp-operation-" + id);
        thread.setDaemon(true);
        thread.start();
        return this;
    }

    private void run() {
        OperationResult result = null;
        Throwable failure = null;
        try {
            result = work.call();
        } catch (IOException e) {
            failure = new UncheckedIOException("the journal of " + id + " could not be written", e);
        } catch (InterruptedException | RuntimeException | Error e) {
            failure = e;
        }
        try {
            journal.close();
            lock.close();
        } catch (IOException e) {
            failure = failure == null ? new UncheckedIOException(e) : failure;
        }
        // Last, so that whoever hears of the end finds the guest free.
        if (failure != null) {
            done.completeExceptionally(failure);
        } else {
            done.complete(result);
        }
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public CompletableFuture<OperationResult> done() {
        return done.copy();
    }

    @Override
    public CompletableFuture<Void> also(Step.Send step) {
        return extras.add(step);
    }
}
