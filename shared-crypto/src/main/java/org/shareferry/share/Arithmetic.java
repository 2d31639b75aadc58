// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.share;

import java.math.BigInteger;
import org.shareferry.delivery.Domain;

/// Arithmetic on elements of one domain. An element is a few 64-bit limbs, least significant first, in a flat array.
/// Offsets are in limbs. No method allocates memory per element.
abstract sealed class Arithmetic permits RingArithmetic, PrimeArithmetic {
    private final Domain domain;
    private final int words;

    Arithmetic(Domain domain, int words) {
        this.domain = domain;
        this.words = words;
    }

    static Arithmetic of(Domain domain) {
        return switch (domain) {
            case Domain.Ring ring -> RingArithmetic.of(ring);
            case Domain.PrimeField field -> new PrimeArithmetic(field);
        };
    }

    final Domain domain() {
        return domain;
    }

    /// @return limbs per element
    final int words() {
        return words;
    }

    /// Adds `count` elements of `x` to as many of `sum`.
    abstract void add(long[] sum, int sumAt, long[] x, int xAt, int count);

    /// Subtracts `count` elements of `x` from as many of `difference`.
    abstract void subtract(long[] difference, int differenceAt, long[] x, int xAt, int count);

    /// Overwrites one element of `product`, which must be neither `a` nor `b`.
    abstract void multiply(long[] product, int productAt, long[] a, int aAt, long[] b, int bAt);

    /// @return whether the limbs at this place are the canonical form of an element
    abstract boolean isCanonical(long[] x, int at);

    /// Clears the bits of uniformly random limbs that no element has. Results that are not canonical must be drawn
    /// again.
    abstract void maskBits(long[] x, int at);

    /// Sets one element to a signed integer. In a field its absolute value must be below the modulus; in a ring the
    /// low bits are used.
    ///
    /// @param raw two's complement, little-endian
    /// @param rawAt the offset of the integer
    /// @param rawSize bytes of the integer
    abstract void setSigned(long[] x, int at, byte[] raw, int rawAt, int rawSize);

    /// @return the element as a signed integer with the smallest absolute value
    abstract BigInteger signed(long[] x, int at);

    /// Writes the same as two's complement, little-endian. The operations do not depend on the element.
    ///
    /// @param scratch two elements, overwritten
    /// @param size bytes, from [DecodedValues#rawSize]
    abstract void writeSigned(long[] x, int at, long[] scratch, byte[] raw, int rawAt, int size);

    final boolean isEqual(long[] a, int aAt, long[] b, int bAt) {
        long difference = 0;
        for (int i = 0; i < words; i++) {
            difference |= a[aAt + i] ^ b[bAt + i];
        }
        return difference == 0;
    }

    /// Writes a signed integer into the limbs of one element, as two's complement.
    final void signExtend(long[] x, int at, byte[] raw, int rawAt, int rawSize) {
        long sign = raw[rawAt + rawSize - 1] >> 7;
        for (int i = 0; i < words; i++) {
            long limb = 0;
            for (int b = 0; b < Long.BYTES; b++) {
                int from = Long.BYTES * i + b;
                limb |= ((from < rawSize ? raw[rawAt + from] : sign) & 0xffL) << (8 * b);
            }
            x[at + i] = limb;
        }
    }

    static BigInteger unsigned(long[] x, int at, int words) {
        var bytes = new byte[8 * words];
        for (int i = 0; i < words; i++) {
            for (int b = 0; b < 8; b++) {
                bytes[bytes.length - 1 - 8 * i - b] = (byte) (x[at + i] >>> (8 * b));
            }
        }
        return new BigInteger(1, bytes);
    }
}
