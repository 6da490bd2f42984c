package dev.qmp.operation;

import java.util.concurrent.atomic.AtomicInteger;

/** Ends an operation's thread right after a line of its journal is on the disk, as a SIGKILL of this process would. */
final class Killed extends Error {

    private static final long serialVersionUID = 1;

    /** After so many lines, of which the journal's first is number 1. */
    static Runnable after(int lines) {
        AtomicInteger count = new AtomicInteger();
        return () -> {
            if (count.incrementAndGet() == lines) {
                throw new Killed();
            }
        };
    }
}
