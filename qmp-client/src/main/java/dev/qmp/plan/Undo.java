package dev.qmp.plan;

import dev.qmp.qapi.RawCommand;

/** What takes a step back that has taken effect. */
public sealed interface Undo {

    /** A command, sent once. One that QEMU refuses is told and leaves the rest of the undoing alone. */
    record Command(RawCommand line) implements Undo {}

    /** A file that the step has made, and that was not there before; removed on the terms of {@link Step.RemoveFile}. */
    record Remove(String file) implements Undo {}
}
