package dev.qmp.qapi;

/**
 * A value of one of QAPI's enumerations: any string that QEMU may send, of which this build knows some by name.
 *
 * <p>An {@code enum} of Java's could not hold the value of a newer QEMU. Values are compared with {@code equals}.
 */
public interface QapiEnum {

    /** The value as QAPI spells it. */
    String value();

    /** Whether one of the recorded QEMUs has the value. */
    boolean isKnown();
}
