package dev.qmp.cli.render;

/** How far a job is. */
public final class Percent {

    private Percent() {}

    /**
     * A whole number from 0 to 99: QEMU's offset can reach its length long before the job is through, and the length of a
     * job with nothing to do is 0.
     */
    public static int of(long offset, long length) {
        if (length <= 0 || offset <= 0) {
            return 0;
        }
        return (int) Math.min(99, (long) (100.0 * offset / length));
    }

    public static String text(long offset, long length) {
        return of(offset, length) + " %";
    }
}
