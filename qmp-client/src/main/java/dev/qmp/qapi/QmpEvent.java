package dev.qmp.qapi;

/** The data of an event as a value. What QEMU sends beside it, the time, is in {@link dev.qmp.wire.Message.Event}. */
public interface QmpEvent extends QapiObject {

    /** The name as QAPI spells it, for example {@code BLOCK_JOB_COMPLETED}. */
    String eventName();
}
