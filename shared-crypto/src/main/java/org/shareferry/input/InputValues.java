// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.input;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.Domain;
import org.shareferry.share.ElementVector;

/// Private inputs in a client's storage format: signed integers x = round(v·2^f), two's complement, little-endian,
/// ⌈bits/8⌉ bytes each. They are wiped by [#close] and never printed.
public final class InputValues implements AutoCloseable {
    /// The maximum number of bits of an input.
    public static final int MAX_BITS = 256;

    private final SecretBytes integers;
    private final int bits;

    private InputValues(SecretBytes integers, int bits) {
        this.integers = integers;
        this.bits = bits;
    }

    /// An input is out of range. The message has its index, never its value.
    public static final class OutOfRangeException extends Exception {
        private static final long serialVersionUID = 1;
        private final int index;

        private OutOfRangeException(int index, int bits) {
            super("Value " + index + " does not fit " + bits + " bits: it must"
                    + " be an integer from -2^" + (bits - 1) + " to 2^"
                    + (bits - 1) + "-1 after multiplication by 2^precision and rounding.");
            this.index = index;
        }

        /// @return the position of the value, from 0
        public int index() {
            return index;
        }
    }

    /// @param values the numbers
    /// @param precision f: each is multiplied by 2^f and rounded to the nearest integer, ties to even; 0 … 255
    /// @param bits 1 … 256: the integers are from -2^(bits-1) to 2^(bits-1)-1
    /// @throws OutOfRangeException when one is not
    public static InputValues of(List<BigDecimal> values, int precision, int bits) throws OutOfRangeException {
        if (precision < 0 || precision > 255 || bits < 1 || bits > MAX_BITS) {
            throw new IllegalArgumentException("The precision must be 0 to 255, and the bits 1 to " + MAX_BITS + ".");
        }
        int size = size(bits);
        var raw = new byte[Math.multiplyExact(values.size(), size)];
        var factor = new BigDecimal(BigInteger.ONE.shiftLeft(precision));
        for (int i = 0; i < values.size(); i++) {
            var integer = integer(values.get(i), factor, bits);
            if (integer.bitLength() >= bits) {
                Arrays.fill(raw, (byte) 0);
                throw new OutOfRangeException(i, bits);
            }
            for (int b = 0; b < size; b++) {
                raw[i * size + b] = integer.shiftRight(8 * b).byteValue();
            }
        }
        return new InputValues(SecretBytes.takeOver(raw), bits);
    }

    /// Avoids writing out numbers with huge exponents, which are too large or round to zero.
    private static BigInteger integer(BigDecimal value, BigDecimal factor, int bits) {
        long digitsBeforePoint = (long) value.precision() - value.scale();
        if (value.signum() == 0 || digitsBeforePoint < -MAX_BITS) {
            return BigInteger.ZERO;
        }
        if (digitsBeforePoint > MAX_BITS) {
            return BigInteger.ONE.shiftLeft(bits);
        }
        return value.multiply(factor).setScale(0, RoundingMode.HALF_EVEN).unscaledValue();
    }

    /// @param stored from [#stored]; closed by this object
    /// @param bits of each
    /// @throws IllegalArgumentException when the size is not a multiple of an integer's
    public static InputValues restore(SecretBytes stored, int bits) {
        if (bits < 1 || bits > MAX_BITS || stored.size() % size(bits) != 0) {
            throw new IllegalArgumentException("The size is not a multiple of integers of " + bits + " bits.");
        }
        return new InputValues(stored, bits);
    }

    private static int size(int bits) {
        return Math.ceilDiv(bits, 8);
    }

    /// @return the concatenated integers; closed by this object
    public SecretBytes stored() {
        return integers;
    }

    /// @return the number of inputs
    public int count() {
        return integers.size() / size(bits);
    }

    /// @return the maximum number of bits of each
    public int bits() {
        return bits;
    }

    /// @param domain of the request's elements
    /// @return whether every integer with this number of bits is a value of this domain
    public boolean fit(Domain domain) {
        return fit(bits, domain);
    }

    /// @param bits of integers
    /// @param domain of a request's elements
    /// @return whether every integer with this number of bits is a value of this domain
    public static boolean fit(int bits, Domain domain) {
        return switch (domain) {
            case Domain.Ring ring -> bits <= ring.clearBits();
            case Domain.PrimeField field -> bits < field.modulus().bitLength();
        };
    }

    /// Adds some of the inputs to random values: m = x + r.
    ///
    /// @param random r, in the domain of the request's elements; becomes m
    /// @param first the index of the input for the first of them
    public void mask(ElementVector random, int first) {
        if (!fit(random.domain())) {
            throw new IllegalArgumentException("The inputs do not fit " + random.domain() + ".");
        }
        try (var inputs = ElementVector.ofSigned(random.domain(), integers, first, random.size(), size(bits))) {
            random.add(inputs);
        }
    }

    @Override
    public void close() {
        integers.close();
    }

    @Override
    public String toString() {
        return count() + " inputs of " + bits + " bits";
    }
}
