package dev.qmp.qapi;

import java.math.BigInteger;

/**
 * A whole number from 0 to 2⁶⁴−1: QAPI's {@code uint64} and {@code size}. Compared, printed and made into JSON as what it is;
 * a {@code long} would show the upper half as negative numbers.
 *
 * <p>Immutable.
 */
public final class Uint64 extends Number implements Comparable<Uint64> {

    private static final BigInteger LIMIT = BigInteger.ONE.shiftLeft(Long.SIZE);

    private final long bits;

    private Uint64(long bits) {
        this.bits = bits;
    }

    /**
     * The number that a signed one is.
     *
     * @throws IllegalArgumentException where the value is negative
     */
    public static Uint64 of(long value) {
        if (value < 0) {
            throw new IllegalArgumentException(value + " is negative");
        }
        return new Uint64(value);
    }

    /**
     * The number of any size that fits.
     *
     * @throws IllegalArgumentException where the value is negative or does not fit 64 bits
     */
    public static Uint64 of(BigInteger value) {
        if (!fits(value)) {
            throw new IllegalArgumentException(value + " is not in 0…18446744073709551615");
        }
        return new Uint64(value.longValue());
    }

    /** The number whose 64 bits are those of {@code bits}: −1 gives 2⁶⁴−1. */
    public static Uint64 ofBits(long bits) {
        return new Uint64(bits);
    }

    static boolean fits(BigInteger value) {
        return value.signum() >= 0 && value.compareTo(LIMIT) < 0;
    }

    /** The value as a {@code long}: from 2⁶³ on, it is negative there. {@link #longValueExact()} refuses instead. */
    @Override
    public long longValue() {
        return bits;
    }

    /**
     * The value as a {@code long} that means the same.
     *
     * @throws ArithmeticException where the value is 2⁶³ or more
     */
    public long longValueExact() {
        if (bits < 0) {
            throw new ArithmeticException(this + " does not fit a long");
        }
        return bits;
    }

    public BigInteger toBigInteger() {
        BigInteger value = BigInteger.valueOf(bits);
        return bits < 0 ? value.add(LIMIT) : value;
    }

    @Override
    public int intValue() {
        return (int) bits;
    }

    @Override
    public float floatValue() {
        return toBigInteger().floatValue();
    }

    @Override
    public double doubleValue() {
        return toBigInteger().doubleValue();
    }

    @Override
    public int compareTo(Uint64 other) {
        return Long.compareUnsigned(bits, other.bits);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Uint64 that && bits == that.bits;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(bits);
    }

    @Override
    public String toString() {
        return Long.toUnsignedString(bits);
    }
}
