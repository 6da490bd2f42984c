package dev.qmp.transport;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The descriptors that go with one command, in order. A set is used up by the call that it is given to: that call closes the
 * descriptors once the kernel has taken them for the peer, and just as well when the command fails, is refused, cancelled or
 * never sent. Thread-safe.
 */
public final class DescriptorSet implements AutoCloseable {

    /** How many a set holds at most: QEMU takes 16 with one message, and the kernel drops the others (seen on 7.2). */
    public static final int LIMIT = 16;

    private static final int[] GONE = new int[0];

    private final AtomicReference<int[]> numbers;

    private DescriptorSet(int[] numbers) {
        this.numbers = new AtomicReference<>(numbers);
    }

    /**
     * Takes the descriptors over: from here on the set owns them, and closing them one by one does nothing.
     *
     * @throws IllegalArgumentException where there are none or more than {@link #LIMIT}; all stay the caller's then
     * @throws IllegalStateException where one has been closed or handed on; the others stay the caller's then
     */
    public static DescriptorSet of(OwnedDescriptor... descriptors) {
        if (descriptors.length == 0 || descriptors.length > LIMIT) {
            throw new IllegalArgumentException(
                    "a command takes 1 to " + LIMIT + " descriptors, not " + descriptors.length);
        }
        int[] taken = new int[descriptors.length];
        for (int i = 0; i < taken.length; i++) {
            taken[i] = descriptors[i].handOver();
            if (taken[i] < 0) {
                for (int before = 0; before < i; before++) {
                    descriptors[before].takeBack(taken[before]);
                }
                throw new IllegalStateException(
                        "descriptor " + (i + 1) + " of " + taken.length + " has been closed or handed on");
            }
        }
        return new DescriptorSet(taken);
    }

    /**
     * The same descriptors in a set of the caller's own; this one is used up. For whoever takes a set over: nobody who kept
     * the old one can close them any more.
     *
     * @throws IllegalStateException where this set was used up or closed before
     */
    public DescriptorSet handOver() {
        int[] taken = numbers.getAndSet(GONE);
        if (taken.length == 0) {
            throw new IllegalStateException("these descriptors have been sent, handed on or closed");
        }
        return new DescriptorSet(taken);
    }

    /** Empty once the set is used up. */
    int[] numbers() {
        return Objects.requireNonNull(numbers.get()).clone();
    }

    /** Closes the descriptors where they are still here; does nothing else. */
    @Override
    public void close() {
        for (int number : numbers.getAndSet(GONE)) {
            LibC.calls().close(number);
        }
    }
}
