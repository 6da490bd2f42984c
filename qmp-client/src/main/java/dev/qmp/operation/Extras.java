package dev.qmp.operation;

import dev.qmp.QmpClient;
import dev.qmp.error.CommandFailedException;
import dev.qmp.plan.Step.Send;
import dev.qmp.plan.Undo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What was done besides the plan, and is taken back when the operation ends. Thread-safe. */
final class Extras {

    private final QmpClient client;
    private final Journal journal;
    private final List<Send> done;
    private boolean over;

    Extras(QmpClient client, Journal journal, List<Send> before) {
        this.client = client;
        this.journal = journal;
        this.done = new ArrayList<>(before);
    }

    synchronized CompletableFuture<Void> add(Send step) {
        if (over) {
            return CompletableFuture.failedFuture(new IllegalStateException("the operation is over"));
        }
        try {
            journal.extra(step);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(new UncheckedIOException(e));
        }
        done.add(step);
        return client.execute(step.line()).thenAccept(reply -> {});
    }

    /** Takes all back, the last one first; returns what could not be. */
    synchronized List<String> takeBack() throws InterruptedException {
        over = true;
        List<String> troubles = new ArrayList<>();
        for (int i = done.size() - 1; i >= 0; i--) {
            for (Undo undo : done.get(i).undo()) {
                if (undo instanceof Undo.Command command) {
                    try {
                        Blocking.await(client.execute(command.line()));
                    } catch (CommandFailedException e) {
                        troubles.add(String.valueOf(e.getMessage()));
                    }
                }
            }
        }
        return troubles;
    }
}
