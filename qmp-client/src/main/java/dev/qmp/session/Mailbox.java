package dev.qmp.session;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Runs tasks one at a time, in the order of posting, on the threads of those who post: what one task wrote, the next one
 * sees, and no task is entered from inside another. Tasks must not block and must not run user code.
 */
public final class Mailbox {

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Consumer<Throwable> defects;

    /** {@code defects} hears what a task throws. */
    public Mailbox(Consumer<Throwable> defects) {
        this.defects = defects;
    }

    public void post(Runnable task) {
        tasks.add(task);
        if (waiting.getAndIncrement() == 0) {
            do {
                run(tasks.remove());
            } while (waiting.decrementAndGet() != 0);
        }
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable t) {
            defects.accept(t);
        }
    }
}
